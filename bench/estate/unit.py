"""One service of the estate: 29 AWS resources under a component, 600 input values."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
from bucket import make_bucket
from documents import allow_data, trust


class Unit(pulumi.ComponentResource):
    """Everything that one service owns."""

    def __init__(self, label: str, number: int) -> None:
        super().__init__("bench:index:Unit", label)
        self.label = label
        self.number = number
        self.tags = {
            "Service": label,
            "Owner": f"team-{number % 7}",
            "CostCentre": f"{4000 + number % 90}",
            "Environment": "prod",
            "DataClass": "confidential",
            "Retention": "7y",
            "Application": "ledger",
            "Compliance": "pci-dss",
            "Criticality": "high",
            "ManagedBy": "pulumi",
            "OnCall": f"rota-{number % 3}",
            "Repository": f"git.example.com/{label}",
            "Reviewed": "2026-11-01",
        }
        self.child = pulumi.ResourceOptions(parent=self)
        self.key = self._make_key()
        self.bucket = make_bucket(label, self.tags, self.key, self.child)
        self.role = self._make_role()
        self.group = self._make_security_group()
        self.queue = self._make_queues()
        self.table = self._make_table()
        self.function = self._make_function()
        self.cluster = self._make_cluster()
        self._make_instance()
        self._make_alarms()
        self.exports = {"bucket": self.bucket.arn, "queue": self.queue.url, "role": self.role.name}
        self.register_outputs(self.exports)

    def _make_key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            f"{self.label}-key",
            description=f"Data of {self.label}",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            key_usage="ENCRYPT_DECRYPT",
            customer_master_key_spec="SYMMETRIC_DEFAULT",
            multi_region=False,
            is_enabled=True,
            rotation_period_in_days=365,
            policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                            "Action": "kms:*",
                            "Resource": "*",
                        }
                    ],
                }
            ),
            tags={**self.tags, "Name": f"{self.label}-key"},
            opts=self.child,
        )
        aws.kms.Alias(f"{self.label}-alias", name=f"alias/{self.label}", target_key_id=key.key_id, opts=self.child)
        return key

    def _make_role(self) -> aws.iam.Role:
        role = aws.iam.Role(
            f"{self.label}-role",
            name=f"{self.label}-role",
            description=f"What {self.label} may do",
            path="/service/",
            max_session_duration=3600,
            force_detach_policies=True,
            assume_role_policy=json.dumps(trust("lambda.amazonaws.com")),
            tags={**self.tags, "Name": f"{self.label}-role", "Kind": "service"},
            opts=self.child,
        )
        policy = aws.iam.Policy(
            f"{self.label}-access",
            description=f"Access of {self.label}",
            path="/service/",
            policy=pulumi.Output.all(bucket=self.bucket.arn, key=self.key.arn).apply(
                lambda arns: json.dumps(allow_data(arns["bucket"], arns["key"]))
            ),
            tags={**self.tags, "Name": f"{self.label}-access"},
            opts=self.child,
        )
        aws.iam.RolePolicyAttachment(f"{self.label}-attach", role=role.name, policy_arn=policy.arn, opts=self.child)
        return role

    def _make_security_group(self) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            f"{self.label}-group",
            description=f"Traffic of {self.label}",
            vpc_id="vpc-0123456789abcdef0",
            revoke_rules_on_delete=True,
            ingress=[
                aws.ec2.SecurityGroupIngressArgs(
                    description=f"From subnet {subnet}",
                    protocol="tcp",
                    from_port=443,
                    to_port=443,
                    cidr_blocks=[f"10.29.{subnet}.0/24", f"10.30.{subnet}.0/24"],
                )
                for subnet in range(4)
            ],
            egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["10.29.0.0/16"]}],
            tags={**self.tags, "Name": f"{self.label}-group"},
            opts=self.child,
        )
        for port in (5432, 6379):
            aws.vpc.SecurityGroupIngressRule(
                f"{self.label}-in-{port}",
                security_group_id=group.id,
                description=f"Port {port}",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4="10.29.0.0/16",
                tags={**self.tags, "Name": f"{self.label}-in-{port}"},
                opts=self.child,
            )
        return group

    def _make_queues(self) -> aws.sqs.Queue:
        settings: dict[str, Any] = {
            "message_retention_seconds": 1209600,
            "visibility_timeout_seconds": 120,
            "receive_wait_time_seconds": 20,
            "max_message_size": 262144,
            "delay_seconds": 0,
            "fifo_queue": True,
            "content_based_deduplication": True,
            "deduplication_scope": "messageGroup",
            "fifo_throughput_limit": "perMessageGroupId",
            "kms_data_key_reuse_period_seconds": 300,
        }
        dead = aws.sqs.Queue(
            f"{self.label}-dead",
            name=f"{self.label}-dead.fifo",
            kms_master_key_id=self.key.id,
            tags={**self.tags, "Name": f"{self.label}-dead"},
            opts=self.child,
            **settings,
        )
        queue = aws.sqs.Queue(
            f"{self.label}-queue",
            name=f"{self.label}.fifo",
            kms_master_key_id=self.key.id,
            redrive_policy=dead.arn.apply(lambda arn: json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})),
            tags={**self.tags, "Name": f"{self.label}-queue"},
            opts=self.child,
            **settings,
        )
        topic = aws.sns.Topic(
            f"{self.label}-topic",
            name=f"{self.label}-topic.fifo",
            display_name=self.label,
            fifo_topic=True,
            content_based_deduplication=True,
            kms_master_key_id=self.key.id,
            signature_version=2,
            tracing_config="Active",
            tags={**self.tags, "Name": f"{self.label}-topic"},
            opts=self.child,
        )
        aws.sns.TopicSubscription(
            f"{self.label}-subscription",
            topic=topic.arn,
            protocol="sqs",
            endpoint=queue.arn,
            raw_message_delivery=True,
            filter_policy_scope="MessageAttributes",
            filter_policy=json.dumps({"kind": ["payment", "refund"]}),
            opts=self.child,
        )
        return queue

    def _make_table(self) -> aws.dynamodb.Table:
        return aws.dynamodb.Table(
            f"{self.label}-table",
            name=f"{self.label}-table",
            billing_mode="PAY_PER_REQUEST",
            attributes=[{"name": name, "type": "S"} for name in ("pk", "sk", "gsi1", "gsi2")],
            global_secondary_indexes=[
                aws.dynamodb.TableGlobalSecondaryIndexArgs(
                    name=f"by-{name}",
                    key_schemas=[
                        aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=name, key_type="HASH"),
                        aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name="sk", key_type="RANGE"),
                    ],
                    projection_type="ALL",
                )
                for name in ("gsi1", "gsi2")
            ],
            point_in_time_recovery=aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True),
            server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=self.key.arn),
            ttl=aws.dynamodb.TableTtlArgs(attribute_name="expires", enabled=True),
            stream_enabled=True,
            stream_view_type="NEW_AND_OLD_IMAGES",
            deletion_protection_enabled=True,
            table_class="STANDARD",
            tags={**self.tags, "Name": f"{self.label}-table"},
            opts=self.child,
        )

    def _make_function(self) -> aws.lambda_.Function:
        logs = aws.cloudwatch.LogGroup(
            f"{self.label}-logs",
            name=f"/aws/lambda/{self.label}",
            retention_in_days=2557,
            kms_key_id=self.key.arn,
            log_group_class="STANDARD",
            skip_destroy=True,
            tags={**self.tags, "Name": f"{self.label}-logs"},
            opts=self.child,
        )
        function = aws.lambda_.Function(
            f"{self.label}-function",
            name=self.label,
            description=f"Handler of {self.label}",
            role=self.role.arn,
            handler="app.handler",
            runtime="python3.12",
            memory_size=512,
            timeout=30,
            architectures=["arm64"],
            s3_bucket="artifacts-0123456789",
            s3_key=f"{self.label}.zip",
            package_type="Zip",
            publish=True,
            kms_key_arn=self.key.arn,
            reserved_concurrent_executions=50,
            environment=aws.lambda_.FunctionEnvironmentArgs(
                variables={"TABLE": self.table.name, "QUEUE": self.queue.url, "LEVEL": "INFO", "STAGE": "prod"}
            ),
            tracing_config={"mode": "Active"},
            vpc_config={
                "subnet_ids": [f"subnet-0123456789abcde{zone}" for zone in "abc"],
                "security_group_ids": [self.group.id],
            },
            dead_letter_config=aws.lambda_.FunctionDeadLetterConfigArgs(target_arn=self.queue.arn),
            logging_config={"log_format": "JSON", "log_group": logs.name},
            tags={**self.tags, "Name": self.label},
            opts=self.child,
        )
        aws.lambda_.Permission(
            f"{self.label}-permission",
            action="lambda:InvokeFunction",
            function=function.name,
            principal="events.amazonaws.com",
            source_arn=f"arn:aws:events:eu-central-1:123456789012:rule/{self.label}",
            opts=self.child,
        )
        return function

    def _make_cluster(self) -> aws.rds.Cluster:
        subnets = aws.rds.SubnetGroup(
            f"{self.label}-subnets",
            name=f"{self.label}-subnets",
            description=f"Subnets of {self.label}",
            subnet_ids=[f"subnet-0123456789abcde{zone}" for zone in "abc"],
            tags={**self.tags, "Name": f"{self.label}-subnets"},
            opts=self.child,
        )
        return aws.rds.Cluster(
            f"{self.label}-cluster",
            cluster_identifier=f"{self.label}-cluster",
            engine="aurora-postgresql",
            engine_version="16.4",
            database_name="ledger",
            master_username="ledger",
            manage_master_user_password=True,
            storage_encrypted=True,
            kms_key_id=self.key.arn,
            backup_retention_period=35,
            preferred_backup_window="02:00-03:00",
            preferred_maintenance_window="sun:04:00-sun:05:00",
            deletion_protection=True,
            copy_tags_to_snapshot=True,
            iam_database_authentication_enabled=True,
            enabled_cloudwatch_logs_exports=["postgresql"],
            db_subnet_group_name=subnets.name,
            vpc_security_group_ids=[self.group.id],
            skip_final_snapshot=False,
            final_snapshot_identifier=f"{self.label}-final",
            port=5432,
            serverlessv2_scaling_configuration={"min_capacity": 0.5, "max_capacity": 16},
            tags={**self.tags, "Name": f"{self.label}-cluster"},
            opts=self.child,
        )

    def _make_instance(self) -> None:
        aws.ec2.Instance(
            f"{self.label}-instance",
            ami="ami-0123456789abcdef0",
            instance_type="m7g.large",
            subnet_id="subnet-0123456789abcdea",
            vpc_security_group_ids=[self.group.id],
            associate_public_ip_address=False,
            monitoring=True,
            ebs_optimized=True,
            disable_api_termination=True,
            metadata_options=aws.ec2.InstanceMetadataOptionsArgs(
                http_endpoint="enabled", http_tokens="required", http_put_response_hop_limit=1
            ),
            root_block_device=aws.ec2.InstanceRootBlockDeviceArgs(
                encrypted=True, kms_key_id=self.key.arn, volume_size=50, volume_type="gp3", delete_on_termination=True
            ),
            user_data=f"#!/bin/sh\necho {self.label}\n",
            tags={**self.tags, "Name": f"{self.label}-instance"},
            opts=self.child,
        )
        aws.secretsmanager.Secret(
            f"{self.label}-secret",
            name=f"{self.label}/api",
            description=f"Credentials of {self.label}",
            kms_key_id=self.key.arn,
            recovery_window_in_days=30,
            force_overwrite_replica_secret=False,
            tags={**self.tags, "Name": f"{self.label}-secret"},
            opts=self.child,
        )

    def _make_alarms(self) -> None:
        for metric in ("Errors", "Throttles", "Duration"):
            aws.cloudwatch.MetricAlarm(
                f"{self.label}-{metric.lower()}",
                name=f"{self.label}-{metric.lower()}",
                alarm_description=f"{metric} of {self.label}",
                comparison_operator="GreaterThanThreshold",
                evaluation_periods=3,
                datapoints_to_alarm=2,
                metric_name=metric,
                namespace="AWS/Lambda",
                period=60,
                statistic="Sum",
                threshold=float(5 + self.number),
                treat_missing_data="notBreaching",
                actions_enabled=True,
                dimensions={"FunctionName": self.function.name},
                tags={**self.tags, "Name": f"{self.label}-{metric.lower()}"},
                opts=self.child,
            )
        aws.ecr.Repository(
            f"{self.label}-images",
            name=self.label,
            image_tag_mutability="IMMUTABLE",
            force_delete=False,
            image_scanning_configuration={"scan_on_push": True},
            encryption_configurations=[{"encryption_type": "KMS", "kms_key": self.key.arn}],
            tags={**self.tags, "Name": f"{self.label}-images"},
            opts=self.child,
        )
