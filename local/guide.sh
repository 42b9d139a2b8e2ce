# The shell of docs/guide, for what `make run` started. In bash, in the project's folder:   . local/guide.sh
# Sets API, KEY (a partner's API key), PUBLISHABLE (the page's) and JSON, makes `aws` call the local cloud, and brings
# sign_in. Needs curl and jq.

[ -f "${ORDERPROC_STACK:-.local/stack.json}" ] || { echo "No local cloud here: start it with make run." >&2; return 1; }
_stack() { jq -r ".$1" "${ORDERPROC_STACK:-.local/stack.json}"; }
API=$(_stack api_url) KEY=$(_stack api_key) OTHER_KEY=$(_stack api_key_other) ENDPOINT=$(_stack endpoint_url)
PUBLISHABLE=$(_stack publishable_key)
JSON='Content-Type: application/json'
export AWS_ACCESS_KEY_ID=$(_stack access_key_id) AWS_SECRET_ACCESS_KEY=$(_stack secret_access_key)
export AWS_DEFAULT_REGION=$(_stack region) AWS_ENDPOINT_URL=$ENDPOINT AWS_PAGER=
unset AWS_PROFILE AWS_SESSION_TOKEN
command -v aws >/dev/null || PATH=$PWD/.venv/bin:$PATH
# Version 1 of the CLI does not read the endpoint from the environment for every service.
aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }

# The ID token of one of the demo users: CUSTOMER=$(sign_in customer), STAFF=$(sign_in admin)
sign_in() {
  jq -n --arg user "$(_stack "users.$1.username")" --arg secret "$(_stack "users.$1.password")" \
    '{USERNAME: $user, PASSWORD: $secret}' |
    aws cognito-idp initiate-auth --client-id "$(_stack user_pool_client_id)" --auth-flow USER_PASSWORD_AUTH \
      --auth-parameters file:///dev/stdin --query AuthenticationResult.IdToken --output text
}
