using System.Globalization;
using System.Text;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>curl, in the kernel's network, asks Kestrel over Synfin.</summary>
[Trait("Needs", "tun")]
public sealed class CurlTests
{
    private const int Large = 5_000_011;

    [Theory]
    [InlineData(false, "--http1.0", "http", 80, "HTTP/1.0")]
    [InlineData(true, "--http1.1", "http", 80, "HTTP/1.1")]
    [InlineData(false, "--http2-prior-knowledge", "http", WebSite.Http2Port, "HTTP/2")]
    [InlineData(true, "--http2", "https", 443, "HTTP/2")]
    [InlineData(false, "--http1.1", "https", 443, "HTTP/1.1")]
    public async Task Each_protocol_carries_large_bodies_both_ways(bool ipv6, string option, string scheme, int port, string protocol)
    {
        using Testbed bed = Testbed.Create();
        await using WebSite site = await WebSite.StartAsync(bed.Sockets);
        string url = $"{scheme}://{Testbed.SynfinName(ipv6)}:{port}";

        Assert.Equal(protocol, await Curl(bed, option, $"{url}/protocol"));
        byte[] downloaded = await ProgramRun.CallAsync(bed.Kernel, "curl", "-sSfk", option, $"{url}/octets/{Large}");
        Assert.Equal(Testbed.Hash(Testbed.Octets(Large)), Testbed.Hash(downloaded));
        (byte[] hash, int exit) = await ProgramRun.RunAsync(
            bed.Kernel, "curl", downloaded, "-sSfk", option, "-H", "Expect:", "-X", "POST", "--data-binary", "@-", $"{url}/hash");
        Assert.Equal(0, exit);
        Assert.Equal(Testbed.Hash(downloaded), Encoding.ASCII.GetString(hash));

        await site.DisposeAsync();
        bed.EndsSoundly();
    }

    [Fact]
    public async Task Ranges_and_chunks_and_many_requests_on_one_connection()
    {
        using Testbed bed = Testbed.Create();
        await using WebSite site = await WebSite.StartAsync(bed.Sockets);
        string url = $"http://{Testbed.SynfinName(ipv6: false)}";

        byte[] whole = Testbed.Octets(100_000);
        byte[] part = await ProgramRun.CallAsync(bed.Kernel, "curl", "-sSf", "-r", "90000-90999", $"{url}/octets/100000");
        Assert.Equal(whole[90_000..91_000], part);
        part = await ProgramRun.CallAsync(bed.Kernel, "curl", "-sSf", "-r", "-10", $"{url}/octets/100000");
        Assert.Equal(whole[^10..], part);

        (byte[] hash, int exit) = await ProgramRun.RunAsync(
            bed.Kernel, "curl", whole, "-sSf", "-H", "Transfer-Encoding: chunked", "-X", "POST", "-T", "-", $"{url}/hash");
        Assert.Equal(0, exit);
        Assert.Equal(Testbed.Hash(whole), Encoding.ASCII.GetString(hash));

        // A new connection would be counted again.
        string connects = await Curl(bed, "-o", "/dev/null", "-w", "%{num_connects} ", $"{url}/octets/[1-50]");
        Assert.Equal(50, connects.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(1, connects.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(n => int.Parse(n, CultureInfo.InvariantCulture)));

        await site.DisposeAsync();
        bed.EndsSoundly();
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_a_download_harms_nobody()
    {
        using Testbed bed = Testbed.Create();
        await using WebSite site = await WebSite.StartAsync(bed.Sockets);
        string url = $"http://{Testbed.SynfinName(ipv6: true)}";
        (_, int exit) = await ProgramRun.RunAsync(
            bed.Kernel, "curl", default, "-sS", "--max-filesize", "1000", "-H", "Connection: close", $"{url}/octets/{Large}");
        Assert.Equal(63, exit); // "maximum file size exceeded"
        Assert.Equal("HTTP/1.1", await Curl(bed, $"{url}/protocol"));

        await site.DisposeAsync();
        bed.EndsSoundly();
    }

    [Fact]
    public async Task Wrk_sees_no_error_under_load()
    {
        using Testbed bed = Testbed.Create(queues: 2);
        await using WebSite site = await WebSite.StartAsync(bed.Sockets);
        string url = $"http://{Testbed.SynfinName(ipv6: false)}/octets/500";
        string report = await ProgramRun.CallForTextAsync(
            bed.Kernel, "wrk", "-t", "1", "-c", "32", "-d", "1s", "--timeout", "30s", url);
        Assert.DoesNotContain("Socket errors", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx", report, StringComparison.Ordinal);
        Assert.Matches(@"[1-9]\d+ requests in", report);

        await site.DisposeAsync();
        bed.EndsSoundly();
    }

    private static Task<string> Curl(Testbed bed, params string[] arguments) =>
        ProgramRun.CallForTextAsync(bed.Kernel, "curl", ["-sSfk", .. arguments]);
}
