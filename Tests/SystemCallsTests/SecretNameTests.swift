import SystemCalls
import Testing

/// Which names say that a value is secret, and what is shown of a URL.
@Suite struct SecretNameTests {
    @Test(arguments: [
        "PASSWORD", "DB_PASSWORD", "dbPassword", "MYSQLPASSWD", "PASSPHRASE", "SECRET", "client_secret", "TOKENS",
        "npmToken", "CREDENTIALS", "APIKEY", "myApikey2", "PASS", "DB_PASS", "dbPass", "DB_PWD", "userPwd", "KEY",
        "SSH_KEY", "api-key", "apiKey", "SSHKey", "KEYS", "signing_keys", "KEYfile", "CRED", "AWS_CREDS", "GH_AUTH",
        "authHeader", "PAT", "GH_PAT", "PRIVATE", "private_data", "pass", "KEY2",
    ]) func theseAreSecret(name: String) {
        #expect(SecretName.matches(name))
    }

    @Test(arguments: [
        "PWD", "OLDPWD", "PATH", "PATTERN", "AUTHOR", "KEYBOARD", "MONKEY", "keyboard", "COMPASS", "PATCH", "USER_ID",
        "PASSENGERS", "AUTHORITY", "CREDIT", "PYTHONPATH", "", "_", "VERSION", "Keyboard",
    ]) func theseAreNot(name: String) {
        #expect(!SecretName.matches(name))
    }

    @Test(arguments: [
        ("API_KEY=x", "API_KEY=***"), ("--env=API_KEY=x=y", "--env=API_KEY=***"), ("-eAPI_KEY=x", "-eAPI_KEY=***"),
        ("--label=pwd=a", "--label=pwd=***"), ("--password=x", "--password=***"), ("A=b", "A=b"), ("--init", "--init"),
        ("--secret=id=npm,src=f", "--secret=id=npm,src=f"), ("id=npm,env=TOKEN", "id=npm,env=TOKEN"),
        ("--secret id=a,env=TOKEN", "--secret id=a,env=TOKEN"), ("-e API_KEY=x", "-e API_KEY=***"),
        ("type=x,pass=y", "type=x,pass=***"), ("API_KEY", "API_KEY"), ("", ""), ("=", "="),
    ]) func aWordIsShownWithoutTheValueOfASecretName(word: String, shown: String) {
        #expect(SecretName.masked(word: word) == shown)
    }

    static let urls = [
        ("https://ghp_TOKEN@host/a.git", "https://***@host/a.git"),
        ("https://user:pass@host:8443/a", "https://***@host:8443/a"),
        ("HTTP://user@host", "HTTP://***@host"),
        ("http://host/a?token=x&y=z#end", "http://host/a?***#end"),
        ("https://u:p@host?token=x", "https://***@host?***"),
        ("https://u:p/q@host/a", "https://***@host/a"),
        ("https://u:p?q@host/a", "https://***@host/a"),
        ("https://host/a@b", "https://host/a@b"),
        ("https://host:8443/a@b", "https://host:8443/a@b"),
        ("https://host/a?", "https://host/a?"),
        ("git+https://t@host/a", "git+https://***@host/a"),
        ("ssh://git@host/a", "ssh://git@host/a"),
        ("ssh://git:pass@host/a", "ssh://git:***@host/a"),
        ("git@host:a.git", "git@host:a.git"),
        ("file:///a?b", "file:///a?b"),
        (
            "cannot reach https://a@h/x?t=1 (404 from \"http://b@i\"): see https://j/k?",
            "cannot reach https://***@h/x?*** (404 from \"http://***@i\"): see https://j/k?"
        ),
        ("https://***@host/a?***", "https://***@host/a?***"),
        ("Endpoint=https://user:pa\"SEC@h:1/x (auth=none)", "Endpoint=https://***@h:1/x (auth=none)"),
        ("https://user:paSEC x@h/x", "https://***@h/x"), ("https://paSEC<x@h", "https://***@h"),
        ("https://h/x?a=`SEC", "https://h/x?***"), ("at `https://h/x?a` b", "at `https://h/x?***` b"),
        ("a: b://", "a: b://"), ("://", "://"), ("", ""), ("https://", "https://"), ("http://@h", "http://***@h"),
    ]

    @Test(arguments: urls) func aURLIsShownWithoutLoginAndQuery(written: String, shown: String) {
        #expect(ShownURL.masked(written) == shown)
        #expect(ShownURL.masked(shown) == shown)
    }
}
