import asyncio
import base64

import pulumi
from pulumi.runtime import register_package


class Widget(pulumi.CustomResource):
    size: pulumi.Output[int]
    serial: pulumi.Output[str]

    def __init__(self, name, size, opts=None):
        reference = asyncio.ensure_future(
            register_package("terraform-provider", "0.9.0", "", "acme", "1.2.3", base64.b64encode(b"{}").decode())
        )
        super().__init__("acme:index/widget:Widget", name, {"size": size, "serial": None}, opts, package_ref=reference)


widget = Widget("widget", 3)
pulumi.export("serial", widget.serial)
