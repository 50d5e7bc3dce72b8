module emrys.test/tencent

go 1.24

require github.com/tencentcloud/tencentcloud-sdk-go v1.0.162
