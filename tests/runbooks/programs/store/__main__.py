import pulumi_aws as aws

tags = {"Environment": "dev", "Owner": "o", "CostCenter": "c", "ManagedBy": "Pulumi", "Project": "store"}
key = aws.kms.Key("store", description="store", enable_key_rotation=True, tags=tags)
forced = aws.rds.ClusterParameterGroup(
    "store",
    name="store",
    family="aurora-postgresql16",
    parameters=[{"name": "rds.force_ssl", "value": "1", "apply_method": "pending-reboot"}],
    tags=tags,
)
group = aws.ec2.SecurityGroup("store", name="store", description="store", tags=tags)
cluster = aws.rds.Cluster(
    "store",
    cluster_identifier="store",
    engine="aurora-postgresql",
    engine_version="16.4",
    master_username="owner",
    manage_master_user_password=True,
    storage_encrypted=True,
    kms_key_id=key.arn,
    skip_final_snapshot=True,
    db_cluster_parameter_group_name=forced.name,
    vpc_security_group_ids=[group.id],
    backup_retention_period=35,
    deletion_protection=True,
    iam_database_authentication_enabled=True,
    enabled_cloudwatch_logs_exports=["postgresql"],
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
