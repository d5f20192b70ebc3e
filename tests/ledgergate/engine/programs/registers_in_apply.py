import pulumi_aws as aws

cluster = aws.rds.Cluster("store", engine="aurora-postgresql")
# A preview does not know the endpoint, so it never sees the bucket; an update does.
cluster.endpoint.apply(lambda _host: aws.s3.Bucket("late"))
cluster.endpoint.apply(lambda host: int(host.split(".")[0].removeprefix("store-")))
