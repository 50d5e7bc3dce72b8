package emrys.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A setting of the server that a test is given; one at the method goes before one at its class. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(EmrysSetting.List.class)
public @interface EmrysSetting {
  /** As `emrys config` lists it: `simulation.default`. */
  String name();

  String value();

  /** What the compiler makes of several. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface List {
    EmrysSetting[] value();
  }
}
