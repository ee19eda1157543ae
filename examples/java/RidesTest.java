import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The tests of the ride service, against privnum; ends with 1 if one fails. Written without a test library. */
public final class RidesTest {
    private static final String PASSENGER = "+8613800000001";
    private static final String DRIVER = "+8613900000002";
    private static final String X = "+8617000000001";
    private static final String KEY = "rides-key";
    private static final String SECRET = "rides-secret";

    private interface Test {
        void run(Privnum privnum) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        int failed = 0;
        Map<String, Test> tests = Map.of(
                "passenger and driver talk through X, and the CDR says how long", RidesTest::talk,
                "a refusal of the platform is told with its code", RidesTest::refused,
                "the desk says whom a caller reaches", RidesTest::dispatched,
                "a push that is signed with another secret is refused, and comes again", RidesTest::repeated);
        try (Privnum privnum = new Privnum()) {
            for (var test : tests.entrySet()) {
                try {
                    test.getValue().run(privnum);
                    System.out.println("ok: " + test.getKey());
                } catch (Exception | AssertionError error) {
                    failed++;
                    System.out.println("not ok: " + test.getKey());
                    error.printStackTrace(System.out);
                }
            }
        }
        System.out.println((tests.size() - failed) + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private static void talk(Privnum privnum) throws Exception {
        try (Rides rides = rides(SECRET);
                Privnum.World world = privnum.world(application("AXB", rides))) {
            var ride = rides.bind(world.url, PASSENGER, DRIVER);
            equal(X, ride.get("relationNum"));
            var call = world.call(PASSENGER, X);
            world.advance(30);
            equal(DRIVER, world.look(call).get("forwarded_to"));
            equal(List.of("callin", "callout", "alerting", "answer", "disconnect"), kinds(rides));
            equal(1, rides.cdrs.size());
            equal(call.get("session_id"), rides.cdrs.get(0).get("sessionId"));
            equal(0.0, rides.cdrs.get(0).get("ulFailReason"));
            rides.unbind(world.url, ride.get("subscriptionId"));
            world.call(PASSENGER, X);
            equal(List.of("callin", "disconnect"), kinds(rides).subList(5, 7));
        }
    }

    private static void refused(Privnum privnum) throws Exception {
        try (Rides rides = rides("another-secret");
                Privnum.World world = privnum.world(application("AXB", rides))) {
            rides.bind(world.url, PASSENGER, DRIVER);
            throw new AssertionError("a request with another secret was taken");
        } catch (IOException error) {
            check(error.getMessage().matches("10\\d+: .*"), error.getMessage());
        }
    }

    private static void dispatched(Privnum privnum) throws Exception {
        try (Rides rides = new Rides(KEY, SECRET, caller -> PASSENGER.equals(caller) ? DRIVER : null);
                Privnum.World world = privnum.world(application("X", rides))) {
            equal(DRIVER, world.call(PASSENGER, X).get("forwarded_to"));
            world.advance(30);
            equal(1, rides.cdrs.size());
        }
    }

    private static void repeated(Privnum privnum) throws Exception {
        try (Rides rides = rides(SECRET);
                Privnum.World world = privnum.world(application("AXB", rides))) {
            rides.bind(world.url, PASSENGER, DRIVER);
            rides.verifyWith("another-secret");
            world.call(PASSENGER, X);
            equal(List.of(), kinds(rides));
            rides.verifyWith(SECRET);
            world.advance(60); // the first repeat is a minute later, when later events have come already
            equal(true, kinds(rides).containsAll(List.of("callin", "callout")));
        }
    }

    private static Rides rides(String secret) throws IOException {
        return new Rides(KEY, secret, caller -> null);
    }

    /** An application of the platform that pushes to the service. */
    private static String application(String mode, Rides rides) {
        String form = "{\"mode\":\"%s\",\"app_key\":\"%s\",\"app_secret\":\"%s\",\"event_url\":\"%s\",\"fee_url\":\"%s\","
                + "\"numbers\":[{\"number\":\"%s\",\"area_code\":\"0755\"}]}";
        return String.format(form, mode, KEY, SECRET, rides.pushUrl(), rides.pushUrl(), X);
    }

    private static List<Object> kinds(Rides rides) {
        synchronized (rides.events) {
            return rides.events.stream().map(event -> event.get("eventType")).collect(Collectors.toList());
        }
    }

    private static void equal(Object expected, Object actual) {
        check(Objects.equals(expected, actual), "expected " + expected + ", got " + actual);
    }

    private static void check(boolean holds, String message) {
        if (!holds) throw new AssertionError(message);
    }
}
