package emrys.junit;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts servers in one process beside the suite, `emrys test-servers`, which begins with the first of them and ends with its input:
 * when this is closed, and when the suite ends, however it does.
 */
public final class Servers implements AutoCloseable {
  private static final long END_SECONDS = 10;

  private final List<String> command;
  private Process process;
  private BufferedWriter input;
  private BufferedReader output;
  private int number;

  public Servers(List<String> command) {
    this.command = List.copyOf(command);
  }

  /** A server with nothing in it, on a port of its own. */
  public Emrys start() {
    return start(Map.of());
  }

  public synchronized Emrys start(Map<String, String> settings) {
    JsonObject named = new JsonObject();
    settings.forEach(named::addProperty);
    JsonObject start = new JsonObject();
    start.add("settings", named);
    JsonObject request = new JsonObject();
    request.add("start", start);
    JsonObject answer = ask(request);
    if (answer == null) {
      // An idle process ends after a while, perhaps just then.
      close();
      answer = ask(request);
    }
    if (answer == null)
      throw new EmrysException(
          "`" + String.join(" ", command) + " test-servers` ended; what it printed says why");
    return new Emrys(this, answer.getAsJsonObject("server"));
  }

  synchronized void end(String url) {
    if (process == null) return;
    JsonObject request = new JsonObject();
    request.addProperty("end", url);
    ask(request);
  }

  @Override
  public synchronized void close() {
    if (process == null) return;
    Process ended = process;
    process = null;
    try {
      input.close();
    } catch (IOException gone) {
      // It has ended already.
    }
    try {
      if (!ended.waitFor(END_SECONDS, TimeUnit.SECONDS)) ended.destroyForcibly();
    } catch (InterruptedException interrupted) {
      ended.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Null when the process has ended. */
  private JsonObject ask(JsonObject request) {
    if (process == null) begin();
    request.addProperty("id", ++number);
    try {
      input.write(request + "\n");
      input.flush();
      String line = output.readLine();
      if (line == null) return null;
      JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
      if (answer.has("problem")) throw new EmrysException(answer.get("problem").getAsString());
      return answer;
    } catch (IOException gone) {
      return null;
    }
  }

  private void begin() {
    List<String> line = new ArrayList<>(command);
    line.add("test-servers");
    try {
      process = new ProcessBuilder(line).redirectError(Redirect.INHERIT).start();
    } catch (IOException problem) {
      throw new EmrysException(
          "there is no command " + command.get(0)
              + "; install it with `npm install -g emrys`, or name it in EMRYS_COMMAND",
          problem);
    }
    input = process.outputWriter(StandardCharsets.UTF_8);
    output = process.inputReader(StandardCharsets.UTF_8);
  }
}
