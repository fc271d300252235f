using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Cli.Tests.Commands;

/// <summary><c>synfin serve</c>: what HttpClient, at the other host, gets from it (RFC 9110).</summary>
public sealed class ServeCommandTests : IAsyncDisposable
{
    private readonly CommandWorld _world = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-serve-").FullName;

    public ServeCommandTests()
    {
        File.WriteAllText(Path.Combine(_folder, "hello.txt"), "hello, world");
        File.WriteAllText(Path.Combine(_folder, ".secret"), "hidden");
        File.WriteAllText(Path.Combine(_folder, "what.unknown"), "?");
        Directory.CreateDirectory(Path.Combine(_folder, "sub & more"));
        Directory.CreateDirectory(Path.Combine(_folder, "site"));
        File.WriteAllText(Path.Combine(_folder, "site", "index.html"), "<p>home</p>");
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Files_come_whole_in_part_or_not_at_all_if_they_have_not_changed()
    {
        using HttpClient client = await ServeAsync("");
        using HttpResponseMessage whole = await client.GetAsync(new Uri("http://server/hello.txt"), Ct);
        Assert.Equal("hello, world", await whole.Content.ReadAsStringAsync(Ct));
        Assert.Equal("text/plain", whole.Content.Headers.ContentType?.MediaType);

        using HttpRequestMessage part = new(HttpMethod.Get, "http://server/hello.txt");
        part.Headers.Range = new RangeHeaderValue(7, 11);
        using HttpResponseMessage world = await client.SendAsync(part, Ct);
        Assert.Equal(HttpStatusCode.PartialContent, world.StatusCode);
        Assert.Equal("world", await world.Content.ReadAsStringAsync(Ct));
        Assert.Equal("bytes 7-11/12", world.Content.Headers.ContentRange?.ToString());

        using HttpRequestMessage again = new(HttpMethod.Get, "http://server/hello.txt");
        again.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using HttpResponseMessage unchanged = await client.SendAsync(again, Ct);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Folders_are_listed_unless_they_have_an_index()
    {
        using HttpClient client = await ServeAsync("");
        string listing = await client.GetStringAsync(new Uri("http://server/"), Ct);
        Assert.Contains("<a href=\"./sub%20%26%20more/\">sub &amp; more/</a>", listing);
        Assert.Contains("<a href=\"./hello.txt\">hello.txt</a></td><td class=\"size\">12</td>", listing);
        Assert.DoesNotContain(".secret", listing);
        Assert.Equal("<p>home</p>", await client.GetStringAsync(new Uri("http://server/site/"), Ct));
    }

    [Theory]
    [InlineData("GET", "/missing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/.secret", HttpStatusCode.NotFound)]
    [InlineData("GET", "/%2e%2e/%2e%2e/etc/passwd", HttpStatusCode.NotFound)]
    [InlineData("HEAD", "/what.unknown", HttpStatusCode.OK)]
    [InlineData("POST", "/hello.txt", HttpStatusCode.MethodNotAllowed)]
    public async Task Other_requests_have_their_answers(string method, string path, HttpStatusCode expected)
    {
        using HttpClient client = await ServeAsync("");
        using HttpRequestMessage request = new(new HttpMethod(method), new Uri($"http://server{path}"));
        using HttpResponseMessage response = await client.SendAsync(request, Ct);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task With_no_listing_folders_are_not_there()
    {
        using HttpClient client = await ServeAsync("--no-listing");
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://server/"), Ct);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("<p>home</p>", await client.GetStringAsync(new Uri("http://server/site/"), Ct));
    }

    [Fact]
    public async Task Over_tls_it_speaks_http2_and_shows_a_certificate_for_its_addresses()
    {
        using SocketsHttpHandler handler = _world.Client.CreateHttpHandler();
        SslPolicyErrors found = SslPolicyErrors.None;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) =>
        {
            found = errors;
            return errors is SslPolicyErrors.RemoteCertificateChainErrors;
        };
        using HttpClient client = await ServeAsync("--tls-port 8443 --port 8080", handler);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://10.0.0.2:8443/hello.txt")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using HttpResponseMessage response = await client.SendAsync(request, Ct);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("hello, world", await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(SslPolicyErrors.RemoteCertificateChainErrors, found); // the name is right, nobody vouches for it
        Assert.Equal("hello, world", await client.GetStringAsync(new Uri("http://server:8080/hello.txt"), Ct));
    }

    [Fact]
    public async Task It_says_what_to_try_and_each_request_if_asked_to_and_ends_in_order()
    {
        RunningCommand serve = Start("--tls -v");
        await serve.Shows("hence --insecure.");
        Assert.Equal(
            [
                $"Serving {_folder} behind t0. Ctrl+C ends. Try:",
                "  curl http://10.0.0.2/", "  curl --insecure https://10.0.0.2/",
                "  curl http://[fd00::2]/", "  curl --insecure https://[fd00::2]/",
                "The certificate was made just now and nobody vouches for it: hence --insecure.",
            ],
            serve.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));

        using HttpClient client = _world.Client.CreateHttpClient();
        await client.GetStringAsync(new Uri("http://10.0.0.2/hello.txt?q"), Ct);
        await serve.Says(" GET /hello.txt HTTP/1.1: 200, ");
        Assert.Equal(0, await serve.InterruptAsync());
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => _world.Client.Connect(80));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_it_with_1()
    {
        using Synfin.Sockets.TcpListener taken = _world.Server.Listen(80);
        RunningCommand serve = Start("");
        Assert.Equal(1, await serve.ExitCode);
        Assert.Contains("80", Assert.Single(serve.Error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    private RunningCommand Start(string options) => _world.Start($"serve {_folder} --tun t0 --address 10.0.0.2/24 {options}");

    private async Task<HttpClient> ServeAsync(string options, SocketsHttpHandler? handler = null)
    {
        RunningCommand serve = Start(options);
        await serve.Shows("Try:");
        return handler is null ? _world.Client.CreateHttpClient() : new HttpClient(handler);
    }
}
