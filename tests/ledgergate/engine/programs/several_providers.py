import pulumi
import pulumi_aws as aws
import pulumi_docker as docker
import pulumi_eks as eks
import pulumi_random as random
import pulumi_tls as tls

password = random.RandomPassword("password", length=24)
suffix = random.RandomPet("suffix")
key = tls.PrivateKey("key", algorithm="RSA")
certificate = tls.SelfSignedCert(
    "certificate",
    private_key_pem=key.private_key_pem,
    allowed_uses=["server_auth"],
    validity_period_hours=24,
)
image = docker.RemoteImage("image", name="nginx:1.27")
database = aws.rds.Instance("database", instance_class="db.t4g.micro", password=password.result)
pair = aws.ec2.KeyPair("pair", public_key=key.public_key_openssh)
bucket = aws.s3.Bucket("bucket", bucket=suffix.id.apply(lambda pet: f"logs-{pet}"))
cluster = eks.Cluster("cluster", instance_type="t3.medium")
pulumi.export("kubeconfig", cluster.get_kubeconfig(role_arn="arn:aws:iam::123456789012:role/reader"))
