# What the commands of docs/runbooks use. In bash, in a checkout:
#   . infra/ops/shell.sh STAGE REGION     or, for what `make run` started:   . infra/ops/shell.sh local
# It needs the AWS CLI, curl and jq.

STAGE=${1:?say which stage}
if [ "$STAGE" = local ]; then
  _stack() { jq -r ".$1" "${ORDERPROC_STACK:-.local/stack.json}"; }
  REGION=$(_stack region) API=$(_stack api_url)
  export AWS_ACCESS_KEY_ID=$(_stack access_key_id) AWS_SECRET_ACCESS_KEY=$(_stack secret_access_key)
  unset AWS_PROFILE AWS_SESSION_TOKEN
  # Version 1 of the CLI does not take the address from the environment for every service.
  aws() { command aws --endpoint-url "$(_stack endpoint_url)" "$@"; }
else
  REGION=${2:?say which region}
  API=https://$(aws apigateway get-rest-apis --region "$REGION" --output text \
    --query "items[?name=='orderproc-$STAGE'].id").execute-api.$REGION.amazonaws.com/api
fi
export AWS_DEFAULT_REGION=$REGION AWS_PAGER=
ACCOUNT=$(aws sts get-caller-identity --query Account --output text)

# An output of one of the stage's stacks: output UserPoolId
output() {
  local stack
  for stack in "orderproc-$STAGE" "orderproc-$STAGE-workflow"; do
    aws cloudformation describe-stacks --stack-name "$stack" --output text \
      --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue"
  done | grep . || { echo "There is no output $1." >&2; return 1; }
}

# The state of an alarm, and why: alarm orders-dlq
alarm() {
  aws cloudwatch describe-alarms --alarm-names "orderproc-$STAGE-$1" --output text \
    --query 'MetricAlarms[0].[StateValue, StateReason]'
}

# A question to the logs of all functions in the last hours: ask 'filter level = "ERROR" | limit 20' [HOURS]
ask() {
  local groups id answer
  read -r -a groups <<<"$(aws logs describe-log-groups --log-group-name-prefix "${3:-/aws/lambda/orderproc-$STAGE}" \
    --query 'logGroups[].logGroupName' --output text | tr '\n' ' ')"
  id=$(aws logs start-query --log-group-names "${groups[@]}" --query-string "$1" --query queryId --output text \
    --start-time $(($(date +%s) - ${2:-1} * 3600)) --end-time $(($(date +%s) + 60)))
  until answer=$(aws logs get-query-results --query-id "$id" --output json) &&
    [ "$(jq -r .status <<<"$answer")" = Complete ]; do sleep 1; done
  jq -r '.results[] | map(select(.field != "@ptr") | "\(.field)=\(.value)") | join("  ")' <<<"$answer"
}

# What functions logged as errors, newest first: errors [HOURS]
errors() {
  ask 'fields @timestamp, @log, message, reason, exception_name, orderId, dependency
    | filter level = "ERROR" | sort @timestamp desc | limit 20' "${1:-1}"
}

# How many messages wait in a queue, how many are being processed: waiting orders
waiting() {
  aws sqs get-queue-attributes --output text \
    --queue-url "$(aws sqs get-queue-url --queue-name "orderproc-$STAGE-$1" --query QueueUrl --output text)" \
    --attribute-names ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible \
    --query 'Attributes.[ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible]'
}

# Run a job now, as its schedule would, and show its answer: run_job housekeeper
run_job() {
  local answer
  answer=$(mktemp)
  aws lambda invoke --function-name "orderproc-$STAGE-$1" --payload fileb://tests/events/schedule.json "$answer" \
    --query '[StatusCode, FunctionError]' --output json | jq -c . && cat "$answer" && echo
  rm -f "$answer"
}

# Sign in as a member of the staff; needed once, good for a quarter of an hour: sign_in anna@example.com
sign_in() {
  local user=${1:-} secret answer client
  client=$(output StaffClientId)
  if [ "$STAGE" = local ] && [ -z "$user" ]; then
    user=$(_stack users.admin.username) secret=$(_stack users.admin.password)
  else
    read -r -s -p "Password of ${user:?whose}: " secret && echo
  fi
  answer=$(jq -n --arg user "$user" --arg secret "$secret" '{USERNAME: $user, PASSWORD: $secret}' |
    aws cognito-idp initiate-auth --client-id "$client" --auth-flow USER_PASSWORD_AUTH --output json \
      --auth-parameters file:///dev/stdin)
  if [ "$(jq -r '.ChallengeName // empty' <<<"$answer")" = SOFTWARE_TOKEN_MFA ]; then
    read -r -p 'Code of your authenticator app: ' secret
    answer=$(aws cognito-idp respond-to-auth-challenge --client-id "$client" --output json \
      --challenge-name SOFTWARE_TOKEN_MFA --session "$(jq -r .Session <<<"$answer")" \
      --challenge-responses "USERNAME=$user,SOFTWARE_TOKEN_MFA_CODE=$secret")
  fi
  TOKEN=$(jq -er .AuthenticationResult.IdToken <<<"$answer")
}

# Call the API as staff: staff GET "/admin/orders/$ORDER", staff POST "/admin/orders/$ORDER/cancel"
staff() {
  [ -n "${TOKEN:-}" ] || { echo 'Sign in first: sign_in YOUR-NAME' >&2; return 1; }
  curl --fail-with-body -sS -X "$1" "$API$2" -H 'Content-Type: application/json' ${3:+--data "$3"} \
    -H @- <<<"Authorization: $TOKEN" | jq .
}
