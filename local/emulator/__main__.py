"""`python -m local.emulator`: MiniStack as configured by its environment variables, with our stand-ins
installed.

The Lambda state delay is 0: a new function is Active at once, which turns the SDK's 5 s waiter per function
into none.
"""

from ministack import app
from ministack.services import lambda_svc

from local.emulator import (
    account_metrics,
    alarm_states,
    embedded_metrics,
    executions,
    front,
    function_errors,
    function_logs,
    iam_conditions,
    iam_names,
    iam_record,
    insights,
    kept_state,
    mail_record,
    metric_reads,
    request_facts,
    rest_api_import,
    secret_strings,
    service_metrics,
    signed_out,
    worker_pool,
)


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    rest_api_import.install()
    secret_strings.install()
    request_facts.install()
    iam_record.install()
    iam_conditions.install()  # after the record, which shows what the conditions were judged by
    iam_names.install()
    signed_out.install()
    mail_record.install()
    function_errors.install()
    function_logs.install()
    worker_pool.install()
    executions.install()
    service_metrics.install()
    account_metrics.install()
    embedded_metrics.install()
    insights.install()
    metric_reads.install()
    alarm_states.install()
    kept_state.install()
    front.install()
    app.main()


if __name__ == "__main__":
    main()
