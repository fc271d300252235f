using System.Net;
using System.Net.Http.Headers;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>HttpClient over Synfin asks servers over the kernel.</summary>
[Trait("Needs", "tun")]
public sealed class HttpClientTests
{
    private const int Large = 5_000_011;

    [Theory]
    [InlineData(false, "http", 80, "1.0")]
    [InlineData(true, "http", 80, "1.1")]
    [InlineData(false, "http", WebSite.Http2Port, "2.0")]
    [InlineData(true, "https", 443, "2.0")]
    [InlineData(false, "https", 443, "1.1")]
    public async Task Kestrel_over_the_kernel_gives_and_takes_large_bodies(bool ipv6, string scheme, int port, string version)
    {
        using Testbed bed = Testbed.Create();
        await using WebSite site = await WebSite.StartAsync(bed.Kernel);
        using (HttpClient client = Client(bed, version))
        {
            client.BaseAddress = new Uri($"{scheme}://{Testbed.KernelName(ipv6)}:{port}");
            byte[] downloaded = await client.GetByteArrayAsync($"/octets/{Large}", TestContext.Current.CancellationToken);
            Assert.Equal(Testbed.Hash(Testbed.Octets(Large)), Testbed.Hash(downloaded));
            using var body = new ByteArrayContent(downloaded);
            using HttpResponseMessage answer = await client.PostAsync("/hash", body, TestContext.Current.CancellationToken);
            Assert.Equal(Version.Parse(version == "1.0" ? "1.1" : version), answer.Version);
            Assert.Equal(Testbed.Hash(downloaded), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pythons_http_server_serves_files(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            byte[] file = Testbed.Octets(3_000_017);
            await File.WriteAllBytesAsync(Path.Combine(folder, "file"), file, TestContext.Current.CancellationToken);
            using ProgramRun server = ProgramRun.Start(
                bed.Kernel, "python3", "-m", "http.server", "8000", "-b", Testbed.KernelAddress(ipv6).ToString(), "-d", folder);
            await server.ListensAsync(bed.Kernel, 8000);
            using (HttpClient client = Client(bed, "1.1"))
            {
                Uri url = new($"http://{Testbed.KernelName(ipv6)}:8000/file");
                for (int i = 0; i < 3; i++)
                {
                    byte[] downloaded = await client.GetByteArrayAsync(url, TestContext.Current.CancellationToken);
                    Assert.Equal(Testbed.Hash(file), Testbed.Hash(downloaded));
                }
                Uri nowhere = new(url, "/nowhere");
                using HttpResponseMessage missing = await client.GetAsync(nowhere, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
            }
            bed.EndsSoundly();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task OpenSSL_speaks_TLS(string version)
    {
        using Testbed bed = Testbed.Create();
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string key = Path.Combine(folder, "key.pem"), certificate = Path.Combine(folder, "certificate.pem");
            await ProgramRun.CallAsync(
                bed.Kernel, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=kernel", "-days", "1", "-keyout", key, "-out", certificate);
            using ProgramRun server = ProgramRun.Start(
                bed.Kernel, "openssl", "s_server", "-accept", "4433", "-key", key, "-cert", certificate, "-www", version);
            await server.ListensAsync(bed.Kernel, 4433);
            using (HttpClient client = Client(bed, "1.0"))
            {
                Uri url = new($"https://{Testbed.KernelName(ipv6: false)}:4433/");
                string page = await client.GetStringAsync(url, TestContext.Current.CancellationToken);
                Assert.Contains(version == "-tls1_3" ? "TLSv1.3" : "TLSv1.2", page, StringComparison.Ordinal);
                Assert.Contains("Ciphers supported", page, StringComparison.Ordinal);
            }
            bed.EndsSoundly();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static HttpClient Client(Testbed bed, string version)
    {
        SocketsHttpHandler handler = bed.Sockets.CreateHttpHandler();
        // The servers' certificates are made for one test each, and signed by themselves.
        handler.SslOptions.RemoteCertificateValidationCallback =
            static (_, certificate, _, _) => certificate?.Subject is "CN=synfin" or "CN=kernel";
        return new HttpClient(handler)
        {
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(60),
        };
    }
}
