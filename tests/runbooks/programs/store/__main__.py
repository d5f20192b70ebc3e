import pulumi_aws as aws

tags = {"Environment": "dev", "Owner": "o", "CostCenter": "c", "ManagedBy": "Pulumi", "Project": "store"}
key = aws.kms.Key("store", description="store", enable_key_rotation=True, tags=tags)
cluster = aws.rds.Cluster(
    "store",
    cluster_identifier="store",
    engine="aurora-postgresql",
    engine_version="16",
    master_username="owner",
    manage_master_user_password=True,
    storage_encrypted=True,
    kms_key_id=key.arn,
    skip_final_snapshot=True,
    tags=tags,
)
for tier, zone in enumerate("abc"):
    aws.rds.ClusterInstance(
        f"store-{tier}",
        identifier=f"store-{tier}",
        cluster_identifier=cluster.id,
        engine="aurora-postgresql",
        instance_class="db.r6g.large",
        availability_zone=f"us-east-1{zone}",
        promotion_tier=tier,
        publicly_accessible=False,
        tags=tags,
    )
