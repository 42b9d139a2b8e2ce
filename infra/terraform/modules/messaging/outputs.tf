output "queues" {
  description = "Each queue's name, URL and ARN, by its short name; dead-letter queues end in -dlq."
  value = {
    for name, url in local.urls : name => { name = "orderproc-${var.stage}-${name}", url = url, arn = local.arns[name] }
  }
}

output "orders_topic_arn" {
  description = "The topic of the orders' events."
  value       = aws_sns_topic.orders.arn
}

output "alarms_topic_arn" {
  description = "The topic that alarms notify."
  value       = aws_sns_topic.alarms.arn
}
