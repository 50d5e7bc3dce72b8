package emrys.junit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Gives a parameter {@link Emrys} an empty server: one for each test method, or one for the class where a method for all of its
 * tests asks first. It ends with the test or the class. A parameter {@link Servers} starts any number of them.
 *
 * <pre>
 * &#64;ExtendWith(EmrysExtension.class)
 * class ClusterTest {
 *   &#64;Test
 *   &#64;EmrysSetting(name = "simulation.default", value = "time:2")
 *   void waits(Emrys emrys) { … }
 * }
 * </pre>
 *
 * The command is `emrys` on the path; the system property `emrys.command` or the variable EMRYS_COMMAND names another one, with its
 * arguments.
 */
public class EmrysExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(EmrysExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Emrys.class || type == Servers.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Servers servers = serversOf(context);
    if (parameter.getParameter().getType() == Servers.class) return servers;
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Emrys.class, type -> new Held(servers.start(settingsOf(context))), Held.class)
        .emrys;
  }

  /** One process for all servers of the run: JUnit closes what its root holds at the very end. */
  private static Servers serversOf(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Servers.class, type -> new HeldServers(new Servers(command())), HeldServers.class)
        .servers;
  }

  private static List<String> command() {
    String named = System.getProperty("emrys.command", System.getenv("EMRYS_COMMAND"));
    return named == null || named.isBlank()
        ? List.of("emrys")
        : Arrays.asList(named.trim().split("\\s+"));
  }

  private static Map<String, String> settingsOf(ExtensionContext context) {
    Map<String, String> settings = new LinkedHashMap<>();
    context.getTestClass().ifPresent(
        type -> AnnotationSupport.findRepeatableAnnotations(type, EmrysSetting.class)
            .forEach(each -> settings.put(each.name(), each.value())));
    context.getTestMethod().ifPresent(
        method -> AnnotationSupport.findRepeatableAnnotations(method, EmrysSetting.class)
            .forEach(each -> settings.put(each.name(), each.value())));
    return settings;
  }

  private record Held(Emrys emrys) implements CloseableResource {
    @Override
    public void close() {
      emrys.close();
    }
  }

  private record HeldServers(Servers servers) implements CloseableResource {
    @Override
    public void close() {
      servers.close();
    }
  }
}
