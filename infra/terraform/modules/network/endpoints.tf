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
