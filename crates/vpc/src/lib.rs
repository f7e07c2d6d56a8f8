//! VPC records of Postern: VPCs, subnets, security groups, network interfaces, without IO
