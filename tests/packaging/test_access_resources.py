"""Who may sign in, and which keys call the API how often."""

import json

from chalicelib.kit.locales import LOCALES

from infra.paths import APP, TEMPLATES
from tests.packaging.cloudformation import Template, load, of_type, ref


def test_cognito_writes_its_codes_in_every_language_of_the_shop(template: Template) -> None:
    parameters, mails = template["Parameters"], template["Mappings"]["CodeMail"]
    written = of_type(template, "AWS::Cognito::UserPool")["UserPool"]["VerificationMessageTemplate"]
    shop = json.loads((APP / ".chalice/config.json").read_text(encoding="utf-8"))["stages"]["local"]

    assert list(mails) == parameters["Language"]["AllowedValues"] == list(LOCALES)
    for mail in mails.values():
        assert "{####}" in mail["Message"]  # Cognito refuses one without its code
        assert not set("<>&") & set(mail["Message"])  # which would be HTML
        assert len(mail["Subject"]) + parameters["ShopName"]["MaxLength"] < 138
    assert len({mail["Message"] for mail in mails.values()}) == len(mails)
    assert written["EmailMessage"] == {"Fn::FindInMap": ["CodeMail", ref("Language"), "Message"]}
    assert written["EmailSubject"]["Fn::Sub"][1] == {
        "Subject": {"Fn::FindInMap": ["CodeMail", ref("Language"), "Subject"]}
    }
    # What the deployer leaves out is what the functions say, too.
    environment = shop["environment_variables"]
    assert parameters["ShopName"]["Default"] == environment["SHOP_NAME"]
    assert parameters["Language"]["Default"] == environment["DEFAULT_LOCALE"]


def test_a_changed_address_must_be_verified_before_it_counts(template: Template) -> None:
    pools = of_type(template, "AWS::Cognito::UserPool").values()

    for pool in pools:
        settings = pool["UserAttributeUpdateSettings"]
        assert settings == {"AttributesRequireVerificationBeforeUpdate": pool["AutoVerifiedAttributes"]}


def test_users_sign_in_with_long_passwords_and_the_client_has_no_secret(template: Template) -> None:
    policy = of_type(template, "AWS::Cognito::UserPool")["UserPool"]["Policies"]["PasswordPolicy"]
    client = of_type(template, "AWS::Cognito::UserPoolClient")["UserPoolClient"]

    assert policy["MinimumLength"] >= 12
    assert client["GenerateSecret"] is False
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_staff_sign_in_by_a_client_of_their_own_for_a_working_day(template: Template) -> None:
    client = of_type(template, "AWS::Cognito::UserPoolClient")["StaffClient"]

    assert (client["GenerateSecret"], client["PreventUserExistenceErrors"]) == (False, "ENABLED")
    assert client["TokenValidityUnits"] == {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "hours"}
    assert (client["IdTokenValidity"], client["RefreshTokenValidity"]) == (15, 12)


def test_the_identity_pool_asks_whether_a_user_signed_out_and_gives_nobody_a_role(template: Template) -> None:
    (pool,) = of_type(template, "AWS::Cognito::IdentityPool").values()
    clients = {ref(name)["Ref"] for name in of_type(template, "AWS::Cognito::UserPoolClient")}

    assert pool["AllowUnauthenticatedIdentities"] is False
    assert {provider["ClientId"]["Ref"] for provider in pool["CognitoIdentityProviders"]} == clients
    assert all(provider["ServerSideTokenCheck"] is True for provider in pool["CognitoIdentityProviders"])
    assert not of_type(template, "AWS::Cognito::IdentityPoolRoleAttachment")


def test_staff_may_be_asked_for_a_code_of_an_authenticator_app(template: Template) -> None:
    pool = of_type(template, "AWS::Cognito::UserPool")["UserPool"]

    assert pool["MfaConfiguration"] == ref("StaffMfa")
    assert pool["EnabledMfas"]["Fn::If"][:2] == ["HasMfa", ["SOFTWARE_TOKEN_MFA"]]


def test_partners_have_a_key_and_a_plan_each() -> None:
    template = load(TEMPLATES / "api.yaml")
    plans = of_type(template, "AWS::ApiGateway::UsagePlan")

    assert plans["PartnerPlan"]["Throttle"] == {"RateLimit": 500, "BurstLimit": 1000}
    assert plans["OtherPartnerPlan"]["Throttle"] == {"RateLimit": 5, "BurstLimit": 10}
    assert all(plan["Quota"]["Period"] == "DAY" for plan in plans.values())
    assert len(of_type(template, "AWS::ApiGateway::UsagePlanKey")) == len(plans)


def test_the_pages_key_has_a_small_plan_of_its_own(template: Template) -> None:
    """All guests share it, and so does anyone who copies it from the page."""
    api = load(TEMPLATES / "api.yaml")
    plan = of_type(api, "AWS::ApiGateway::UsagePlan")["PublishablePlan"]
    keys = of_type(api, "AWS::ApiGateway::UsagePlanKey")

    assert plan["Throttle"] == {"RateLimit": 5, "BurstLimit": 20}
    assert plan["Quota"] == {"Limit": 10000, "Period": "DAY"}
    assert keys["PublishablePlanKey"]["KeyId"] == ref("PublishableKeyId")
    assert [name for name, key in keys.items() if key["UsagePlanId"] == ref("PublishablePlan")] == [
        "PublishablePlanKey"
    ]
    assert template["Outputs"]["PublishableKeyId"] == {"Value": ref("PublishableKey")}
