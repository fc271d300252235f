using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Synfin.AspNetCore.Tests.Support;
using Synfin.Simulation;
using Synfin.Sockets;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.AspNetCore.Tests;

/// <summary>TLS: SslStream over a TcpStream, and Kestrel's own.</summary>
public sealed class TlsTests
{
    [Theory(Timeout = Site.Limit)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task SslStream_goes_over_a_TcpStream_with_and_without_client_certificates(SslProtocols protocol, bool withClient)
    {
        using SimulatedNetwork net = SimulatedNetwork.HostedTwoHosts();
        TcpListener listener = net["b"].Tcp.Listen(443);
        Task<string?> served = Serve(listener, protocol, withClient);
        TcpStream stream = new(await net["a"].Tcp.ConnectAsync("b", 443));
        await using SslStream client = new(stream);
        await client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "b",
            EnabledSslProtocols = protocol,
            ClientCertificates = withClient ? [Certificates.Client] : null,
            RemoteCertificateValidationCallback = IsServer,
        });
        byte[] text = new byte[500_000];
        new Random(4).NextBytes(text);
        byte[] back = new byte[text.Length];
        Task read = client.ReadExactlyAsync(back).AsTask();
        await client.WriteAsync(text);
        await read;
        Assert.True(text.AsSpan().SequenceEqual(back));
        await client.ShutdownAsync();
        Assert.Equal(0, await client.ReadAsync(back));
        Assert.Equal(withClient ? "CN=alice" : null, await served);
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Kestrel_serves_HTTPS_1_1()
    {
        await using Site site = await Site.Start(Hello, Https());
        Assert.Equal("HTTP/1.1 https -", await Client(site).GetStringAsync("https://b/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task ALPN_leads_to_HTTP_2()
    {
        await using Site site = await Site.Start(Hello, Https());
        HttpClient client = Client(site, HttpVersion.Version20);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetStringAsync("https://b/")));
        Assert.All(answers, answer => Assert.Equal("HTTP/2 https -", answer));
    }

    [Theory(Timeout = Site.Limit)]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Kestrel_gets_the_client_certificate(string version)
    {
        await using Site site = await Site.Start(Hello, Https(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        }));
        HttpClient client = Client(site, Version.Parse(version), tls => tls.ClientCertificates = [Certificates.Client]);
        Assert.EndsWith(" https CN=alice", await client.GetStringAsync("https://b/"), StringComparison.Ordinal);
        await Assert.ThrowsAsync<HttpRequestException>(() => Client(site, Version.Parse(version)).GetStringAsync("https://b/"));
    }

    [Fact(Timeout = Site.Limit)]
    public async Task A_large_body_goes_through_TLS_unharmed()
    {
        await using Site site = await Site.Start(
            app => app.Run(async context =>
            {
                byte[] body = new byte[5_000_000];
                await context.Request.Body.ReadExactlyAsync(body);
                await context.Response.Body.WriteAsync(body);
            }),
            Https());
        byte[] text = new byte[5_000_000];
        new Random(5).NextBytes(text);
        using HttpResponseMessage response = await Client(site).PostAsync("https://b/", new ByteArrayContent(text));
        Site.AssertSame(text, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact(Timeout = Site.Limit)]
    public async Task Clear_text_to_a_TLS_port_is_turned_away()
    {
        await using Site site = await Site.Start(Hello, Https());
        TcpStream stream = await site.Connect(443);
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: b\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[100];
        int count;
        do
        {
            count = await stream.ReadAsync(buffer);
        }
        while (count > 0);
    }

    private static void Hello(WebApplication app) => app.Run(context => context.Response.WriteAsync(
        $"{context.Request.Protocol} {context.Request.Scheme} {context.Connection.ClientCertificate?.Subject ?? "-"}"));

    private static Action<WebApplicationBuilder> Https(Action<HttpsConnectionAdapterOptions>? configure = null) =>
        builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 443, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = Certificates.Server;
            configure?.Invoke(https);
        })));

    private static HttpClient Client(Site site, Version? version = null, Action<SslClientAuthenticationOptions>? configure = null) =>
        site.Client(version, handler =>
        {
            handler.SslOptions.RemoteCertificateValidationCallback = IsServer;
            configure?.Invoke(handler.SslOptions);
        });

    private static bool IsServer(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.Subject == "CN=b";

    /// <summary>Echoes 500,000 octets, ends in order, and tells who the client is.</summary>
    private static async Task<string?> Serve(TcpListener listener, SslProtocols protocol, bool withClient)
    {
        await using SslStream stream = new(new TcpStream(await listener.AcceptAsync()));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            ServerCertificate = Certificates.Server,
            EnabledSslProtocols = protocol,
            ClientCertificateRequired = withClient,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => !withClient || certificate?.Subject == "CN=alice",
        });
        byte[] buffer = new byte[10_000];
        for (int left = 500_000; left > 0;)
        {
            int count = await stream.ReadAsync(buffer);
            await stream.WriteAsync(buffer.AsMemory(0, count));
            left -= count;
        }
        Assert.Equal(0, await stream.ReadAsync(buffer));
        await stream.ShutdownAsync();
        return stream.RemoteCertificate?.Subject;
    }
}
