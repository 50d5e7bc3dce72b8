package emrys.junit;

/** What the server refused, in its words. */
public class EmrysException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EmrysException(String message) {
    super(message);
  }

  public EmrysException(String message, Throwable cause) {
    super(message, cause);
  }
}
