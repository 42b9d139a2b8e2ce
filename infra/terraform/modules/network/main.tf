# The network that the functions run in. It has no way to the internet: only endpoints of the services that they call.
locals {
  zones = {
    first  = var.first_zone == "" ? local.zones_with_all[0] : var.first_zone
    second = var.second_zone == "" ? local.zones_with_all[1] : var.second_zone
  }
}

resource "aws_vpc" "this" {
  #checkov:skip=CKV2_AWS_11:Nothing enters the network, and what leaves it goes to AWS's endpoints, whose calls CloudTrail records
  #checkov:skip=CKV2_AWS_12:Nothing is in the default group, which CloudFormation could not change
  cidr_block = var.cidr
  # The endpoints answer by the services' own names.
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = "orderproc-${var.stage}" }
}

resource "aws_subnet" "this" {
  for_each = toset(["first", "second"])

  vpc_id                  = aws_vpc.this.id
  availability_zone       = local.zones[each.key]
  cidr_block              = cidrsubnet(var.cidr, 1, each.key == "first" ? 0 : 1)
  map_public_ip_on_launch = false
  tags                    = { Name = "orderproc-${var.stage}-${each.key}" }

  lifecycle {
    # A subnet can't move, whatever AWS lists now.
    ignore_changes = [availability_zone]
  }
}

# It has the network's own route, and those of the two gateway endpoints; none to the internet.
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "orderproc-${var.stage}" }
}

resource "aws_route_table_association" "this" {
  for_each = aws_subnet.this

  subnet_id      = each.value.id
  route_table_id = aws_route_table.this.id
}

# Functions call, by TLS, the endpoints, S3 and DynamoDB. Nothing calls a function by its interface.
resource "aws_security_group" "functions" {
  #checkov:skip=CKV2_AWS_5:The functions are in it, which have a Terraform of their own
  name        = "orderproc-${var.stage}-functions"
  description = "Functions of stage ${var.stage}"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "orderproc-${var.stage}-functions" }

  egress {
    description = "Endpoints"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.cidr]
  }

  egress {
    description     = "S3"
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    prefix_list_ids = [local.prefix_lists["s3"]]
  }

  egress {
    description     = "DynamoDB"
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    prefix_list_ids = [local.prefix_lists["dynamodb"]]
  }
}

# Without a rule of its own a group may call anything: this one may call itself, at a port where nothing is.
resource "aws_security_group" "endpoints" {
  name        = "orderproc-${var.stage}-endpoints"
  description = "Endpoints of stage ${var.stage}"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "orderproc-${var.stage}-endpoints" }

  ingress {
    description     = "Functions"
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.functions.id]
  }

  egress {
    description = "None"
    protocol    = "tcp"
    from_port   = 1
    to_port     = 1
    cidr_blocks = ["127.0.0.1/32"]
  }
}

# A second lock, which no change of a group opens. It keeps no state, so it needs rules for answers, too; those of S3 and
# DynamoDB come from their public addresses, through the gateway endpoints.
resource "aws_network_acl" "this" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.this : subnet.id]
  tags       = { Name = "orderproc-${var.stage}" }
}

resource "aws_network_acl_rule" "this" {
  #checkov:skip=CKV_AWS_231:The answers of S3 and DynamoDB come to any high port; the security groups let nothing else in
  for_each = {
    requests-in  = { egress = false, number = 100, from = 443, to = 443, cidr = var.cidr }
    answers-in   = { egress = false, number = 110, from = 1024, to = 65535, cidr = "0.0.0.0/0" }
    requests-out = { egress = true, number = 100, from = 443, to = 443, cidr = "0.0.0.0/0" }
    answers-out  = { egress = true, number = 110, from = 1024, to = 65535, cidr = var.cidr }
  }

  network_acl_id = aws_network_acl.this.id
  rule_number    = each.value.number
  egress         = each.value.egress
  protocol       = "tcp"
  from_port      = each.value.from
  to_port        = each.value.to
  cidr_block     = each.value.cidr
  rule_action    = "allow"
}
