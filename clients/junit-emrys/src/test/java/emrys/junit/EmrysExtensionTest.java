package emrys.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.aliyun.teaopenapi.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The extension as a suite uses it, with the runtime under all of Alibaba Cloud's generated Java SDKs. */
@ExtendWith(EmrysExtension.class)
@EmrysSetting(name = "seed", value = "of-this-class")
class EmrysExtensionTest {
  private static final String ZONE = "cn-hangzhou-i";

  @Test
  void anInstanceTakesNoTime(Emrys emrys) throws Exception {
    String id = create(emrys);
    emrys.settle();
    List<Map<String, Object>> found = instances(emrys);
    assertEquals(1, found.size());
    assertEquals(id, found.get(0).get("InstanceId"));
    assertEquals("running", found.get(0).get("InstanceStatus"));
  }

  @Test
  void everyTestHasAnEmptyServer(Emrys emrys) throws Exception {
    assertTrue(instances(emrys).isEmpty());
  }

  @Test
  @EmrysSetting(name = "simulation.default", value = "time:3600")
  void timeIsMovedByTheTest(Emrys emrys) throws Exception {
    create(emrys);
    assertEquals("creating", instances(emrys).get(0).get("InstanceStatus"));
    Instant before = emrys.now();
    Duration ahead = Duration.between(before, emrys.advance(Duration.ofDays(1)));
    assertFalse(ahead.minus(Duration.ofDays(1)).isNegative());
    assertEquals("running", instances(emrys).get(0).get("InstanceStatus"));
  }

  @Test
  void settingsOfTheClassAndOfTheMethodAreInForce(Emrys emrys) {
    String config = emrys.admin("GET", "config", null).toString();
    assertTrue(config.contains("\"name\":\"seed\",\"value\":\"of-this-class\""), config);
  }

  @Test
  void severalServersKnowNothingOfEachOtherAndEndWhenTheyAreClosed(Emrys emrys, Servers servers)
      throws Exception {
    create(emrys);
    URI other;
    try (Emrys second = servers.start()) {
      other = URI.create(second.url());
      assertNotEquals(emrys.url(), second.url());
      assertTrue(instances(second).isEmpty());
    }
    assertThrows(ConnectException.class, () -> new Socket(other.getHost(), other.getPort()).close());
    emrys.reset();
    assertTrue(instances(emrys).isEmpty());
  }

  @Test
  void whatIsRefusedIsSaid(Emrys emrys, Servers servers) {
    assertTrue(said(() -> servers.start(Map.of("prot", "1"))).contains("did you mean port"));
    assertTrue(said(() -> emrys.faultOn("network", "slow")).contains("mode must be one of"));
    try (Servers none = new Servers(List.of("no-such-emrys"))) {
      assertTrue(said(none::start).contains("there is no command no-such-emrys"));
    }
  }

  @Test
  void aFaultIsInForceUntilItIsOff(Emrys emrys) {
    emrys.faultOn("trade", "gateway", Map.of("times", 2));
    assertTrue(emrys.admin("GET", "faults", null).toString().contains("\"dependency\":\"trade\""));
    emrys.faultsOff();
    assertFalse(emrys.admin("GET", "faults", null).toString().contains("\"dependency\":\"trade\""));
  }

  private static String said(Runnable refused) {
    return assertThrows(EmrysException.class, refused::run).getMessage();
  }

  private static String create(Emrys emrys) throws Exception {
    Map<String, Object> group = new HashMap<>();
    group.put("cu", 8);
    group.put("storageSize", 100);
    group.put("residentNodeNumber", 3);
    group.put("storagePerformanceLevel", "pl1");
    group.put("specType", "standard");
    group.put("diskNumber", 1);
    group.put("zoneId", ZONE);
    Map<String, Object> body = new HashMap<>();
    body.put("RegionId", emrys.alibaba().region());
    body.put("InstanceName", "of-a-test");
    body.put("AdminPassword", "Test-2026-pass");
    body.put("Version", "3.3");
    body.put("RunMode", "shared_data");
    body.put("PackageType", "official");
    body.put("PayType", "postPaid");
    body.put("VpcId", "vpc-test0000000000001");
    body.put("ZoneId", ZONE);
    body.put("VSwitches", List.of(Map.of("VswId", "vsw-test0000000000001", "ZoneId", ZONE)));
    body.put("OssAccessingRoleName", "AliyunEMRStarRocksAccessingOSSRole");
    body.put("FrontendNodeGroups", List.of(group));
    body.put("BackendNodeGroups", List.of(group));
    Map<?, ?> answer = call(emrys, "CreateInstanceV1", "/webapi/cluster/createV1", Map.of(), body);
    return (String) ((Map<?, ?>) answer.get("Data")).get("InstanceId");
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> instances(Emrys emrys) throws Exception {
    Map<String, String> query = Map.of("RegionId", emrys.alibaba().region());
    String path = "/webapi/starrocks/describeInstances";
    return (List<Map<String, Object>>)
        call(emrys, "DescribeInstances", path, query, null).get("Data");
  }

  private static Map<?, ?> call(
      Emrys emrys, String action, String path, Map<String, String> query, Object body)
      throws Exception {
    CloudAccess access = emrys.alibaba();
    Config config =
        new Config()
            .setAccessKeyId(access.keyId())
            .setAccessKeySecret(access.secret())
            .setEndpoint(access.endpoint())
            .setProtocol(access.protocol())
            .setRegionId(access.region());
    Params params =
        new Params()
            .setAction(action)
            .setPathname(path)
            .setVersion("2022-10-19")
            .setProtocol("HTTP")
            .setMethod("POST")
            .setAuthType("AK")
            .setStyle("ROA")
            .setReqBodyType("json")
            .setBodyType("json");
    OpenApiRequest request = new OpenApiRequest().setQuery(query).setBody(body);
    return (Map<?, ?>) new Client(config).callApi(params, request, new RuntimeOptions()).get("body");
  }
}
