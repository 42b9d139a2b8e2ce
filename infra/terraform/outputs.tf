# The outputs of the stacks that CloudFormation makes, under the same names.

output "orders_table_name" {
  description = "The table orders."
  value       = module.data.tables["orders"].name
}

output "orders_table_arn" {
  description = "The table orders."
  value       = module.data.tables["orders"].arn
}

output "products_table_name" {
  description = "The table products."
  value       = module.data.tables["products"].name
}

output "products_table_arn" {
  description = "The table products."
  value       = module.data.tables["products"].arn
}

output "inventory_table_name" {
  description = "The table inventory."
  value       = module.data.tables["inventory"].name
}

output "inventory_table_arn" {
  description = "The table inventory."
  value       = module.data.tables["inventory"].arn
}

output "payments_table_name" {
  description = "The table payments."
  value       = module.data.tables["payments"].name
}

output "payments_table_arn" {
  description = "The table payments."
  value       = module.data.tables["payments"].arn
}

output "claims_table_name" {
  description = "The table claims."
  value       = module.data.tables["claims"].name
}

output "claims_table_arn" {
  description = "The table claims."
  value       = module.data.tables["claims"].arn
}

output "carts_table_name" {
  description = "The table carts."
  value       = module.data.tables["carts"].name
}

output "carts_table_arn" {
  description = "The table carts."
  value       = module.data.tables["carts"].arn
}

output "gateway_table_name" {
  description = "The table gateway."
  value       = module.data.tables["gateway"].name
}

output "gateway_table_arn" {
  description = "The table gateway."
  value       = module.data.tables["gateway"].arn
}

output "operations_table_name" {
  description = "The table operations."
  value       = module.data.tables["operations"].name
}

output "metrics_table_name" {
  description = "The table metrics."
  value       = module.data.tables["metrics"].name
}

output "search_table_name" {
  description = "The table search."
  value       = module.data.tables["search"].name
}

output "orders_stream_arn" {
  description = "The stream of the table orders."
  value       = module.data.tables["orders"].stream_arn
}

output "orders_queue_name" {
  description = "The queue orders."
  value       = module.messaging.queues["orders"].name
}

output "orders_queue_url" {
  description = "The queue orders."
  value       = module.messaging.queues["orders"].url
}

output "orders_queue_arn" {
  description = "The queue orders."
  value       = module.messaging.queues["orders"].arn
}

output "orders_dlq_name" {
  description = "The queue orders-dlq."
  value       = module.messaging.queues["orders-dlq"].name
}

output "orders_dlq_url" {
  description = "The queue orders-dlq."
  value       = module.messaging.queues["orders-dlq"].url
}

output "orders_dlq_arn" {
  description = "The queue orders-dlq."
  value       = module.messaging.queues["orders-dlq"].arn
}

output "notifications_queue_name" {
  description = "The queue notifications."
  value       = module.messaging.queues["notifications"].name
}

output "notifications_queue_url" {
  description = "The queue notifications."
  value       = module.messaging.queues["notifications"].url
}

output "notifications_queue_arn" {
  description = "The queue notifications."
  value       = module.messaging.queues["notifications"].arn
}

output "notifications_dlq_name" {
  description = "The queue notifications-dlq."
  value       = module.messaging.queues["notifications-dlq"].name
}

output "notifications_dlq_url" {
  description = "The queue notifications-dlq."
  value       = module.messaging.queues["notifications-dlq"].url
}

output "notifications_dlq_arn" {
  description = "The queue notifications-dlq."
  value       = module.messaging.queues["notifications-dlq"].arn
}

output "inventory_queue_name" {
  description = "The queue inventory."
  value       = module.messaging.queues["inventory"].name
}

output "inventory_queue_url" {
  description = "The queue inventory."
  value       = module.messaging.queues["inventory"].url
}

output "inventory_queue_arn" {
  description = "The queue inventory."
  value       = module.messaging.queues["inventory"].arn
}

output "payment_queue_name" {
  description = "The queue payment."
  value       = module.messaging.queues["payment"].name
}

output "payment_queue_url" {
  description = "The queue payment."
  value       = module.messaging.queues["payment"].url
}

output "payment_queue_arn" {
  description = "The queue payment."
  value       = module.messaging.queues["payment"].arn
}

output "shipping_queue_name" {
  description = "The queue shipping."
  value       = module.messaging.queues["shipping"].name
}

output "shipping_queue_url" {
  description = "The queue shipping."
  value       = module.messaging.queues["shipping"].url
}

output "shipping_queue_arn" {
  description = "The queue shipping."
  value       = module.messaging.queues["shipping"].arn
}

output "imports_queue_name" {
  description = "The queue imports."
  value       = module.messaging.queues["imports"].name
}

output "imports_queue_url" {
  description = "The queue imports."
  value       = module.messaging.queues["imports"].url
}

output "imports_queue_arn" {
  description = "The queue imports."
  value       = module.messaging.queues["imports"].arn
}

output "exports_queue_name" {
  description = "The queue exports."
  value       = module.messaging.queues["exports"].name
}

output "exports_queue_url" {
  description = "The queue exports."
  value       = module.messaging.queues["exports"].url
}

output "exports_queue_arn" {
  description = "The queue exports."
  value       = module.messaging.queues["exports"].arn
}

output "mail_dlq_name" {
  description = "The queue mail-dlq."
  value       = module.messaging.queues["mail-dlq"].name
}

output "mail_dlq_url" {
  description = "The queue mail-dlq."
  value       = module.messaging.queues["mail-dlq"].url
}

output "mail_dlq_arn" {
  description = "The queue mail-dlq."
  value       = module.messaging.queues["mail-dlq"].arn
}

output "import_files_dlq_arn" {
  description = "The queue import-files-dlq."
  value       = module.messaging.queues["import-files-dlq"].arn
}

output "metrics_dlq_arn" {
  description = "The queue metrics-dlq."
  value       = module.messaging.queues["metrics-dlq"].arn
}

output "search_dlq_arn" {
  description = "The queue search-dlq."
  value       = module.messaging.queues["search-dlq"].arn
}

output "orders_topic_arn" {
  description = "The topic of the orders' events."
  value       = module.messaging.orders_topic_arn
}

output "alarms_topic_arn" {
  description = "The topic that alarms notify."
  value       = module.messaging.alarms_topic_arn
}

output "event_bus_name" {
  description = "The bus of the orders' events."
  value       = "default"
}

output "max_receives" {
  description = "Receives of a message before it goes to the dead-letter queue."
  value       = var.max_receives
}

output "link_secret_arn" {
  description = "The secret that signs links and cursors."
  value       = module.data.link_secret_arn
}

output "carrier_secret_arn" {
  description = "The secret that carriers sign their reports with."
  value       = module.data.carrier_secret_arn
}

output "documents_bucket_name" {
  description = "The bucket of documents."
  value       = module.data.documents_bucket.name
}

output "documents_bucket_arn" {
  description = "The bucket of documents."
  value       = module.data.documents_bucket.arn
}

output "imports_bucket_name" {
  description = "The bucket of imports."
  value       = module.data.imports_bucket.name
}

output "imports_bucket_arn" {
  description = "The bucket of imports."
  value       = module.data.imports_bucket.arn
}

output "user_pool_id" {
  description = "The user pool."
  value       = module.data.user_pool.id
}

output "user_pool_arn" {
  description = "The user pool."
  value       = module.data.user_pool.arn
}

output "user_pool_client_id" {
  description = "The app client of the shop."
  value       = module.data.client_ids["shop"]
}

output "staff_client_id" {
  description = "The app client of staff."
  value       = module.data.client_ids["staff"]
}

output "staff_sessions_id" {
  description = "The identity pool that checks sessions of staff."
  value       = module.data.staff_sessions_id
}

output "order_state_machine_arn" {
  description = "The state machine in use."
  value       = module.workflow.state_machine_arn
}

output "dashboard_name" {
  description = "The dashboard, if there is one."
  value       = module.monitoring.dashboard_name
}

output "site_bucket_name" {
  description = "The bucket of pages and pictures."
  value       = module.site.bucket_name
}

output "site_domain_name" {
  description = "The host name that serves the site."
  value       = module.site.domain_name
}

output "site_distribution_id" {
  description = "The distribution that serves the site."
  value       = module.site.distribution_id
}

output "partner_key_id" {
  description = "The API key of the shop's own back end."
  value       = module.api.key_ids["partner"]
}

output "publishable_key_id" {
  description = "The API key of the shop's page."
  value       = module.api.key_ids["publishable"]
}

output "other_partner_key_id" {
  description = "The API key of a second partner; empty before there is an API."
  value       = lookup(module.api.key_ids, "other-partner", "")
}

output "partner_plan_id" {
  description = "The usage plan partner; empty before there is an API."
  value       = lookup(module.api.plan_ids, "partner", "")
}

output "other_partner_plan_id" {
  description = "The usage plan other-partner; empty before there is an API."
  value       = lookup(module.api.plan_ids, "other-partner", "")
}

output "publishable_plan_id" {
  description = "The usage plan publishable; empty before there is an API."
  value       = lookup(module.api.plan_ids, "publishable", "")
}

output "key_arn" {
  description = "The stage's own key, if it is in use."
  value       = local.key_arn
}

output "network_id" {
  description = "The functions' network, if there is one."
  value       = one(module.network[*].id)
}

output "functions_security_group_id" {
  description = "The functions' security group, if there is a network."
  value       = one(module.network[*].functions_security_group_id)
}

output "first_subnet_id" {
  description = "A subnet that the functions run in, if there is a network in use."
  value       = var.private_network ? module.network[0].subnet_ids["first"] : null
}

output "second_subnet_id" {
  description = "A subnet that the functions run in, if there is a network in use."
  value       = var.private_network ? module.network[0].subnet_ids["second"] : null
}

output "api_firewall_arn" {
  description = "The API's web ACL, if there is one."
  value       = one(module.api_firewall[*].arn)
}

output "site_firewall_arn" {
  description = "The site's web ACL, if there is one."
  value       = local.site_firewall_arn
}

output "catalogue_domain_name" {
  description = "The host name of the cached catalogue, if there is one."
  value       = one(module.catalogue[*].domain_name)
}
