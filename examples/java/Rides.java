import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A ride service as its developers would write it: passenger and driver call each other through an X number. */
final class Rides implements AutoCloseable {
    private static final String BINDINGS = "/rest/caas/relationnumber/partners/v1.0";
    private static final Pattern ATTRIBUTE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    final List<Map<String, Object>> events = Collections.synchronizedList(new ArrayList<>());
    final List<Map<String, Object>> cdrs = Collections.synchronizedList(new ArrayList<>());

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpServer receiver;
    private final String appKey;
    private final String appSecret;
    private volatile String pushSecret;
    private final UnaryOperator<String> dispatch;

    /** Listens for pushes on a free port of loopback; `dispatch` says whom a caller of mode X reaches, or null. */
    Rides(String appKey, String appSecret, UnaryOperator<String> dispatch) throws IOException {
        this.appKey = appKey;
        this.appSecret = appSecret;
        this.pushSecret = appSecret;
        this.dispatch = dispatch;
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/pushes", this::answer);
        receiver.start();
    }

    /** Where the platform is to push. */
    String pushUrl() {
        return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/pushes";
    }

    /** Takes pushes from now on that are signed with this secret. */
    void verifyWith(String secret) {
        pushSecret = secret;
    }

    /** Gives passenger and driver a number by which they reach each other. */
    Map<String, Object> bind(String platform, String passenger, String driver) throws Exception {
        String body = "{\"callerNum\":\"%s\",\"calleeNum\":\"%s\",\"areaCode\":\"0755\",\"maxDuration\":60}";
        return request("POST", platform + BINDINGS, String.format(body, passenger, driver));
    }

    void unbind(String platform, Object subscriptionId) throws Exception {
        String id = URLEncoder.encode(subscriptionId.toString(), StandardCharsets.UTF_8);
        request("DELETE", platform + BINDINGS + "?subscriptionId=" + id, "");
    }

    @Override
    public void close() {
        receiver.stop(0);
    }

    private Map<String, Object> request(String method, String url, String body) throws Exception {
        String nonce = UUID.randomUUID().toString().replace("-", "");
        String created = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        String digest = Base64.getEncoder().encodeToString(digest(appSecret, nonce, created));
        String token = "UsernameToken Username=\"%s\",PasswordDigest=\"%s\",Nonce=\"%s\",Created=\"%s\"";
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json;charset=UTF-8")
                .header("Authorization", "AKSK realm=\"SDP\",profile=\"UsernameToken\",type=\"Appkey\"")
                .header("X-AKSK", String.format(token, appKey, digest, nonce, created))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        Map<String, Object> answer = Json.object(http.send(request, BodyHandlers.ofString()).body());
        if (!"0".equals(answer.get("resultcode")))
            throw new IOException(answer.get("resultcode") + ": " + answer.get("resultdesc"));
        return answer;
    }

    private static byte[] digest(String secret, String nonce, String created)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return mac.doFinal((nonce + created).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the header of a push is signed with our secret. */
    boolean isSigned(String header) {
        Map<String, String> token = new HashMap<>();
        var found = ATTRIBUTE.matcher(header == null ? "" : header);
        while (found.find()) token.put(found.group(1), found.group(2));
        try {
            byte[] given = Base64.getDecoder().decode(token.getOrDefault("PasswordDigest", ""));
            byte[] right = digest(pushSecret, token.getOrDefault("Nonce", ""), token.getOrDefault("Created", ""));
            return appKey.equals(token.get("Username")) && MessageDigest.isEqual(given, right);
        } catch (GeneralSecurityException | IllegalArgumentException error) {
            return false;
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        boolean signed = isSigned(exchange.getRequestHeaders().getFirst("X-AKSK"));
        String push = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] answer = (signed ? take(Json.object(push)) : "{}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(signed ? 200 : 401, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @SuppressWarnings("unchecked")
    private String take(Map<String, Object> push) {
        if ("fee".equals(push.get("eventType"))) {
            cdrs.addAll(Json.objects(push, "feeLst"));
            return "{}";
        }
        events.add(push);
        String caller = (String) ((Map<String, Object>) push.get("statusInfo")).get("caller");
        String callee = "callin".equals(push.get("eventType")) ? dispatch.apply(caller) : null;
        if (callee == null) return "{}";
        return "{\"operation\":\"connect\",\"connectInfo\":{\"calleeNum\":\"" + callee + "\"}}";
    }
}
