import pulumi
import pulumi_aws as aws


class Service(pulumi.ComponentResource):
    def __init__(self, name, *, loud, opts=None):
        super().__init__("acme:app:Service", name, {"loud": loud}, opts)
        self.store = Store(f"{name}-store", opts=pulumi.ResourceOptions(parent=self))
        if loud:
            self.register_outputs({"queue": self.store.queue.arn})


class Store(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("acme:app:Store", name, None, opts)
        self.queue = aws.sqs.Queue(f"{name}-queue", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


loud = Service("loud", loud=True)
quiet = Service("quiet", loud=False, opts=pulumi.ResourceOptions(depends_on=[loud]))
pulumi.export("service", loud)
