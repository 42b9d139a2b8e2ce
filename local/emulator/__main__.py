"""Serves MiniStack, configured by its own environment variables and those of `settings`, with the stand-ins installed.

The Lambda state delay is 0: a new function is Active at once, which turns the SDK's 5 s waiter per function into none.
"""

from importlib import import_module

from ministack import app
from ministack.services import lambda_svc

STAND_INS = (
    *("rest_api_import", "secret_strings", "gateway_requests", "access_logs", "iam_requests", "signed_out"),
    *("mail_record", "function_errors", "function_logs", "worker_pool", "executions", "table_exports"),
    *("service_metrics", "embedded_metrics", "insights", "metric_data", "alarm_states", "alarm_queries"),
    *("kept_state", "front", "site_port", "guard_resources", "network_acls", "log_keys"),
)
"""Modules, in the order in which they are installed."""


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    for stand_in in STAND_INS:
        import_module(f".{stand_in}", __package__).install()
    app.main()


if __name__ == "__main__":
    main()
