# A Hadoop cluster of Tencent Cloud, of Emrys on this machine. The provider has one domain for all services, whose names lead here:
#
#   echo '127.0.0.1 emr.emrys.test tag.emrys.test cvm.emrys.test cdb.emrys.test' | sudo tee -a /etc/hosts
#   export TENCENTCLOUD_SECRET_ID=EMRYSDEVELOPMENTKEY TENCENTCLOUD_SECRET_KEY=emrys-development-secret
#   terraform init && terraform apply
#
# `npm run test:clients -- python/terraform-tencent.py` reads this text, and makes the calls that the provider makes of it.

terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

provider "tencentcloud" {
  region   = "ap-guangzhou"
  protocol = "HTTP"
  domain   = "emrys.test:4580"
}

resource "tencentcloud_emr_cluster" "events" {
  instance_name = "events"
  product_id    = 38
  softwares     = ["hdfs-2.8.5", "knox-1.6.1", "openldap-2.4.44", "yarn-2.8.5", "zookeeper-3.6.3"]
  support_ha    = 0
  pay_mode      = 0
  time_span     = 3600
  time_unit     = "s"
  sg_id         = "sg-12345678"

  vpc_settings = {
    vpc_id    = "vpc-terraform"
    subnet_id = "subnet-terraform"
  }

  placement_info {
    zone       = "ap-guangzhou-3"
    project_id = 0
  }

  login_settings = {
    password = "Tencent@cloud123"
  }

  resource_spec {
    master_count = 1
    core_count   = 2

    master_resource_spec {
      spec         = "CVM.S5"
      cpu          = 4
      mem_size     = 8192
      storage_type = 5
      disk_type    = "CLOUD_PREMIUM"
      disk_size    = 100
      root_size    = 50
    }

    core_resource_spec {
      spec         = "CVM.S5"
      cpu          = 4
      mem_size     = 8192
      storage_type = 5
      disk_type    = "CLOUD_PREMIUM"
      disk_size    = 100
      root_size    = 50
    }
  }

  tags = {
    team = "events"
  }
}
