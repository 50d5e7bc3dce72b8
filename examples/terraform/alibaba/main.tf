# A StarRocks instance of Alibaba Cloud, of Emrys on this machine:
#
#   export ALIBABA_CLOUD_ENDPOINT_STARROCKS=127.0.0.1:4580
#   export ALIBABA_CLOUD_ACCESS_KEY_ID=EMRYSDEVELOPMENTKEY ALIBABA_CLOUD_ACCESS_KEY_SECRET=emrys-development-secret
#   terraform init && terraform apply
#
# `npm run test:clients -- python/terraform-alibaba.py` reads this text, and makes the calls that the provider makes of it.

terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

provider "alicloud" {
  region   = "cn-hangzhou"
  protocol = "HTTP"
}

resource "alicloud_star_rocks_instance" "orders" {
  instance_name           = "orders"
  admin_password          = "1qaz@QAZ"
  version                 = "3.3"
  run_mode                = "shared_data"
  package_type            = "official"
  pay_type                = "postPaid"
  vpc_id                  = "vpc-terraform"
  cluster_zone_id         = "cn-hangzhou-i"
  oss_accessing_role_name = "AliyunEMRStarRocksAccessingOSSRole"

  vswitches {
    vswitch_id = "vsw-terraform"
    zone_id    = "cn-hangzhou-i"
  }

  frontend_node_groups {
    cu                        = 8
    storage_size              = 100
    resident_node_number      = 3
    storage_performance_level = "pl1"
    spec_type                 = "standard"
    disk_number               = 1
    zone_id                   = "cn-hangzhou-i"
  }

  backend_node_groups {
    cu                        = 8
    storage_size              = 100
    resident_node_number      = 3
    storage_performance_level = "pl1"
    spec_type                 = "standard"
    disk_number               = 1
    zone_id                   = "cn-hangzhou-i"
  }

  tags = {
    team = "orders"
  }
}
