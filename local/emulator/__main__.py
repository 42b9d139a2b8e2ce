"""Serves MiniStack, configured by its own environment variables and those of `settings`, with the stand-ins installed.

The Lambda state delay is 0: a new function is Active at once, which turns the SDK's 5 s waiter per function into none.
"""

from ministack import app
from ministack.services import lambda_svc

from . import (
    alarm_states,
    embedded_metrics,
    executions,
    front,
    function_errors,
    function_logs,
    gateway_requests,
    iam_requests,
    insights,
    kept_state,
    mail_record,
    metric_data,
    rest_api_import,
    secret_strings,
    service_metrics,
    signed_out,
    worker_pool,
)

STAND_INS = (
    rest_api_import,
    secret_strings,
    gateway_requests,
    iam_requests,
    signed_out,
    mail_record,
    function_errors,
    function_logs,
    worker_pool,
    executions,
    service_metrics,
    embedded_metrics,
    insights,
    metric_data,
    alarm_states,
    kept_state,
    front,
)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    for stand_in in STAND_INS:
        stand_in.install()
    app.main()


if __name__ == "__main__":
    main()
