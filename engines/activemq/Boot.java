import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.logging.FileHandler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.apache.activemq.ActiveMQConnectionMetaData;
import org.apache.activemq.broker.BrokerFactory;
import org.apache.activemq.broker.BrokerService;

/**
 * Starts one ActiveMQ Classic broker and tells its supervisor how far it has come, one line on standard output each:
 *
 * <pre>
 * BOOT-READY brokerName version pid=N     every connector is open
 * BOOT-CONSOLE-READY                      the web console answers (only where one was asked for)
 * BOOT-CONSOLE-FAILED reason              it does not; the broker itself goes on
 * BOOT-FAILED reason                      followed by exit status 78
 * </pre>
 *
 * <p>Arguments: the XBean file, then a properties file whose entries become system properties. What is secret comes that
 * way, because arguments and environment can be read by others on the machine.
 *
 * <p>A standby stays in {@code start()} until it gets the store's lock, with all its connectors and its console closed.
 */
public final class Boot {
  private static final int CANNOT_START = 78;

  private Boot() {}

  public static void main(String[] args) {
    try {
      run(args);
      System.exit(0);
    } catch (Throwable t) {
      t.printStackTrace();
      System.out.println("BOOT-FAILED " + reason(t));
      System.exit(CANNOT_START);
    }
  }

  private static void run(String[] args) throws Exception {
    if (args.length != 2) {
      throw new IllegalArgumentException("usage: Boot activemq.xml boot.properties");
    }
    Properties given = new Properties();
    try (InputStream in = new FileInputStream(args[1])) {
      given.load(in);
    }
    for (String name : given.stringPropertyNames()) {
      System.setProperty(name, given.getProperty(name));
    }
    BrokerService broker = BrokerFactory.createBroker("xbean:file:" + args[0] + "?validate=false", false);
    if (!broker.isStarted()) {
      broker.start();
    }
    if (!broker.waitUntilStarted()) {
      Throwable cause = broker.getStartException();
      throw new IllegalStateException("broker did not start", cause);
    }
    System.out.println(
        "BOOT-READY "
            + broker.getBrokerName()
            + " "
            + ActiveMQConnectionMetaData.PROVIDER_VERSION
            + " pid="
            + ProcessHandle.current().pid());
    String console = System.getProperty("postern.console.bean");
    if (console != null) {
      startConsole(broker, console);
    }
    broker.waitUntilStopped();
  }

  /** The console is a Jetty server bean; by reflection, because brokers without a console have no Jetty server jars to spare. */
  private static void startConsole(BrokerService broker, String bean) {
    try {
      Object server = broker.getBrokerContext().getBean(bean);
      server.getClass().getMethod("start").invoke(server);
      System.out.println("BOOT-CONSOLE-READY");
    } catch (Throwable t) {
      t.printStackTrace();
      System.out.println("BOOT-CONSOLE-FAILED " + reason(t));
    }
  }

  /** The innermost cause on one line. */
  private static String reason(Throwable t) {
    Throwable cause = t;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return String.valueOf(cause).replaceAll("\\s+", " ");
  }

  /**
   * The audit log: a file of its own, rotated like the general one. What a person types into the console's form for
   * sending a message is the message itself; it is taken out before the line is written, and so is the form's secret.
   */
  public static final class AuditLog extends FileHandler {
    public AuditLog() throws IOException {
      super(setting("pattern"), Integer.parseInt(setting("limit")), Integer.parseInt(setting("count")), true);
      setFormatter(new SimpleFormatter());
    }

    private static String setting(String name) {
      return LogManager.getLogManager().getProperty("Boot$AuditLog." + name);
    }

    @Override
    public synchronized void publish(LogRecord record) {
      String message = record.getMessage();
      if (message != null) {
        record.setMessage(
            message
                .replaceAll("secret='[^']*'", "secret=[not logged]")
                .replaceAll("(?s)JMSText.*", "JMSText=[not logged]"));
      }
      super.publish(record);
    }
  }
}
