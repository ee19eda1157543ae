import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stand-in as a Java test has it: started on a free port, driven over its control plane, stopped. */
final class Privnum implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String controlUrl;

    /** Starts `privnum serve` (or $PRIVNUM) and waits until it answers. */
    Privnum(String... options) throws IOException, InterruptedException {
        String command = System.getenv().getOrDefault("PRIVNUM", "privnum");
        List<String> line = new ArrayList<>(List.of(command, "serve", "--json", "--port", "0"));
        line.addAll(List.of(options));
        process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy)); // however the tests end
        String started =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (started == null) throw new IOException(command + " ended before it was up; what it wrote is above");
        controlUrl = (String) Json.object(started).get("control_url");
        // It listens before it is ready: this answer comes as soon as it is.
        control("GET", "/health", "");
    }

    /** Sends a control message; its answer, empty where there is none. */
    Map<String, Object> control(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(controlUrl + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300)
            throw new IOException(method + " " + path + ": " + response.statusCode() + " " + response.body());
        return response.body().isEmpty() ? Map.of() : Json.object(response.body());
    }

    /** A world of its own, with one application and a clock that stands still. One for each test. */
    World world(String application) throws IOException, InterruptedException {
        return new World(control("POST", "/worlds", "{\"applications\":[" + application + "]}"));
    }

    /** Stops the server; it answers what is under way first. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    final class World implements AutoCloseable {
        /** What the program under test takes for the platform's address. */
        final String url;
        private final String path;

        private World(Map<String, Object> made) {
            url = (String) made.get("url");
            path = "/worlds/" + made.get("id");
        }

        /** Lets somebody dial an X and hang up after 20 seconds; answered when the pushes have their outcome. */
        Map<String, Object> call(String caller, String called) throws IOException, InterruptedException {
            String body = "{\"caller\":\"%s\",\"called\":\"%s\",\"caller_hangs_up_after\":20}";
            return control("POST", path + "/calls", String.format(body, caller, called));
        }

        /** Lets world time pass, with all that happens in it. */
        void advance(int seconds) throws IOException, InterruptedException {
            control("POST", path + "/clock", "{\"advance_seconds\":" + seconds + "}");
        }

        Map<String, Object> look(Map<String, Object> call) throws IOException, InterruptedException {
            return control("GET", path + "/calls/" + call.get("id"), "");
        }

        @Override
        public void close() throws IOException, InterruptedException {
            control("DELETE", path, "");
        }
    }
}
