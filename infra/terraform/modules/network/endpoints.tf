# Which Availability Zones have all endpoints, and AWS's lists of the addresses of S3 and DynamoDB: looked up where nothing
# was given.
data "aws_vpc_endpoint_service" "interfaces" {
  for_each = var.first_zone == "" || var.second_zone == "" ? local.interfaces : {}

  service      = each.key
  service_type = "Interface"
}

data "aws_ec2_managed_prefix_list" "this" {
  for_each = toset([for service, given in local.given_lists : service if given == ""])

  name = "com.amazonaws.${var.region}.${each.key}"
}

locals {
  # Of no services, there would be no zones.
  services       = [for service in data.aws_vpc_endpoint_service.interfaces : toset(service.availability_zones)]
  zones_with_all = length(local.services) == 0 ? [] : sort(setintersection(local.services...))

  given_lists  = { s3 = var.s3_prefix_list, dynamodb = var.dynamo_db_prefix_list }
  prefix_lists = merge(local.given_lists, { for service, list in data.aws_ec2_managed_prefix_list.this : service => list.id })
}

locals {
  own_account = { StringEquals = { "aws:PrincipalAccount" = var.account_id } }

  # The stage's own tables and buckets only, so that nothing can be carried to another's.
  gateways = {
    dynamodb = "arn:${var.partition}:dynamodb:${var.region}:${var.account_id}:table/orderproc-${var.stage}-*"
    s3 = [
      "arn:${var.partition}:s3:::orderproc-${var.stage}-*-${var.account_id}",
      "arn:${var.partition}:s3:::orderproc-${var.stage}-*-${var.account_id}/*",
    ]
  }

  # By PrivateLink's names, with the service's in IAM: for principals of this account only.
  interfaces = merge(
    {
      sqs            = "sqs"
      sns            = "sns"
      events         = "events"
      states         = "states"
      lambda         = "lambda"
      secretsmanager = "secretsmanager"
      monitoring     = "cloudwatch"
    },
    var.language_model ? { bedrock-runtime = "bedrock" } : {},
    # Without a policy: identity pools are asked without a signature, and not every one of these takes one.
    { email = null, cognito-idp = null, cognito-identity = null, apigateway = null },
  )
}

resource "aws_vpc_endpoint" "gateways" {
  for_each = local.gateways

  vpc_endpoint_type = "Gateway"
  service_name      = "com.amazonaws.${var.region}.${each.key}"
  vpc_id            = aws_vpc.this.id
  route_table_ids   = [aws_route_table.this.id]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "${each.key}:*", Resource = each.value, Condition = local.own_account },
    ]
  })
}

resource "aws_vpc_endpoint" "interfaces" {
  for_each = local.interfaces

  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_id              = aws_vpc.this.id
  subnet_ids          = [for subnet in aws_subnet.this : subnet.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  policy = each.value == null ? null : jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "${each.value}:*", Resource = "*", Condition = local.own_account },
    ]
  })
}
