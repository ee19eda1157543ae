import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON into maps, lists, texts, numbers and booleans: the JDK has no reader, and this example no dependency. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> object(String text) {
        return (Map<String, Object>) new Json(text).value();
    }

    /** The objects in a list of an object. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
        return (List<Map<String, Object>>) object.get(name);
    }

    private Object value() {
        char sign = next();
        switch (sign) {
            case '{':
                return members();
            case '[':
                return items();
            case '"':
                return string();
            default:
                int begin = at - 1;
                while (at < text.length() && ",]} \n\t\r".indexOf(text.charAt(at)) < 0) at++;
                return word(text.substring(begin, at));
        }
    }

    private static Object word(String word) {
        switch (word) {
            case "true":
                return true;
            case "false":
                return false;
            case "null":
                return null;
            default:
                return Double.valueOf(word);
        }
    }

    private Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (peek() == '}') at++;
        else
            do {
                expect('"');
                String name = string();
                expect(':');
                members.put(name, value());
            } while (more('}'));
        return members;
    }

    private List<Object> items() {
        List<Object> items = new ArrayList<>();
        if (peek() == ']') at++;
        else
            do items.add(value());
            while (more(']'));
        return items;
    }

    private boolean more(char end) {
        char sign = next();
        if (sign != ',' && sign != end) throw new IllegalArgumentException("no JSON at " + at + ": " + text);
        return sign == ',';
    }

    private String string() {
        StringBuilder read = new StringBuilder();
        for (char sign = text.charAt(at++); sign != '"'; sign = text.charAt(at++)) {
            if (sign != '\\') read.append(sign);
            else {
                char escaped = text.charAt(at++);
                if (escaped == 'u') {
                    read.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                } else {
                    int known = "nrtbf".indexOf(escaped);
                    read.append(known < 0 ? escaped : "\n\r\t\b\f".charAt(known));
                }
            }
        }
        return read.toString();
    }

    private char peek() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at);
    }

    private char next() {
        char sign = peek();
        at++;
        return sign;
    }

    private void expect(char sign) {
        if (next() != sign) throw new IllegalArgumentException("no JSON at " + at + ": " + text);
    }
}
