package emrys.junit;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A server of the suite. */
public final class Emrys implements AutoCloseable {
  /** Moving the clock does all the work that falls due on the way before it answers. */
  private static final Duration ANSWER = Duration.ofMinutes(5);

  private static final Gson GSON = new Gson();
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          // The server listens on this machine.
          .proxy(ProxySelector.of(null))
          .build();

  private final Servers servers;
  private final String url;
  private final String adminToken;
  private final CloudAccess alibaba;
  private final CloudAccess tencent;
  private boolean open = true;

  Emrys(Servers servers, JsonObject described) {
    this.servers = servers;
    this.url = described.get("url").getAsString();
    this.adminToken = described.get("adminToken").getAsString();
    this.alibaba = GSON.fromJson(described.get("alibaba"), CloudAccess.class);
    this.tencent = GSON.fromJson(described.get("tencent"), CloudAccess.class);
  }

  public String url() {
    return url;
  }

  public String adminToken() {
    return adminToken;
  }

  public CloudAccess alibaba() {
    return alibaba;
  }

  public CloudAccess tencent() {
    return tencent;
  }

  /** Service time. */
  public Instant now() {
    return timeIn(admin("GET", "clock", null));
  }

  /** Moves time forward, with all that falls due on the way. */
  public Instant advance(Duration by) {
    return timeIn(admin("POST", "clock", Map.of("advanceMs", by.toMillis())));
  }

  /** Returns when all that takes no time has been done: clusters of the pace `immediate` run then. */
  public void settle() {
    advance(Duration.ZERO);
  }

  /** Has a dependency fail: `mode` is gateway, service or latency. */
  public void faultOn(String dependency, String mode) {
    faultOn(dependency, mode, Map.of());
  }

  /** `more` is probability, times, latencyMs or action. */
  public void faultOn(String dependency, String mode, Map<String, ?> more) {
    Map<String, Object> members = new LinkedHashMap<>(more);
    members.put("dependency", dependency);
    members.put("mode", mode);
    admin("PUT", "faults", members);
  }

  public void faultsOff() {
    admin("DELETE", "faults", null);
  }

  /** Removes every cluster, operation and order, and every fault. Time stays where it was moved to. */
  public void reset() {
    admin("POST", "reset", Map.of());
    faultsOff();
  }

  /** A page below `/_emrys/`, as `/_emrys/openapi` describes them; `members` may be null. */
  public JsonElement admin(String method, String page, Map<String, ?> members) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + "/_emrys/" + page))
            .timeout(ANSWER)
            .header("Authorization", "Bearer " + adminToken)
            .method(
                method,
                members == null ? BodyPublishers.noBody() : BodyPublishers.ofString(GSON.toJson(members)));
    if (members != null) request.header("Content-Type", "application/json");
    HttpResponse<String> answer;
    try {
      answer = HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException problem) {
      throw new EmrysException(method + " " + url + "/_emrys/" + page + " got no answer", problem);
    } catch (InterruptedException problem) {
      Thread.currentThread().interrupt();
      throw new EmrysException("interrupted", problem);
    }
    JsonElement said = JsonParser.parseString(answer.body());
    if (answer.statusCode() < 400) return said;
    throw new EmrysException(
        method + " /_emrys/" + page + ": " + said.getAsJsonObject().get("error").getAsString());
  }

  /** Ends it and removes all that it kept. */
  @Override
  public void close() {
    if (!open) return;
    open = false;
    servers.end(url);
  }

  private static Instant timeIn(JsonElement answer) {
    return Instant.ofEpochMilli(answer.getAsJsonObject().get("nowMs").getAsLong());
  }
}
