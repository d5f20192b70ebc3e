"""What CloudFront adds to and takes from every answer."""

from typing import Final

import pulumi_aws as aws

TWO_YEARS_S: Final = 63_072_000
"""What lists of sites that browsers open over HTTPS only ask for."""

DISCLOSING_HEADERS: Final = ("Server", "X-Powered-By")

_CONTENT_POLICY: Final = "default-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'self'"
"""For an application that states none; its own one wins."""


def security_headers() -> aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs:
    """Return what browsers are told: HTTPS only, no frames, no guessing of types."""
    return aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgs(
        strict_transport_security=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs(
            access_control_max_age_sec=TWO_YEARS_S, include_subdomains=True, preload=True, override=True
        ),
        content_type_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs(
            override=True
        ),
        frame_options=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs(
            frame_option="DENY", override=True
        ),
        referrer_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs(
            referrer_policy="strict-origin-when-cross-origin", override=True
        ),
        content_security_policy=aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs(
            content_security_policy=_CONTENT_POLICY, override=False
        ),
    )


def removed_headers() -> aws.cloudfront.ResponseHeadersPolicyRemoveHeadersConfigArgs:
    """Return what visitors need not know of the servers."""
    items = [
        aws.cloudfront.ResponseHeadersPolicyRemoveHeadersConfigItemArgs(header=header) for header in DISCLOSING_HEADERS
    ]
    return aws.cloudfront.ResponseHeadersPolicyRemoveHeadersConfigArgs(items=items)
