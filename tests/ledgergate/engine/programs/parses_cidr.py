import ipaddress

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.get_vpc_output(default=True)
subnets = vpc.cidr_block.apply(lambda cidr: [str(net) for net in ipaddress.ip_network(cidr).subnets(new_prefix=24)])
aws.ec2.Subnet("subnet", vpc_id=vpc.id, cidr_block=subnets[0])
