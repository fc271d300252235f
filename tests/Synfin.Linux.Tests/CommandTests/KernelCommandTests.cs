using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.CommandTests;

/// <summary>The commands against the kernel's own programs and sockets (RFC 9293 3.6, RFC 792, RFC 9110).</summary>
[Trait("Needs", "tun")]
public sealed class KernelCommandTests : IDisposable
{
    private const string Here = "--tun synfin0 --address 10.9.0.2/24 --host-address 10.9.0.1/24";

    private static readonly IPEndPoint _port7000 = new(IPAddress.Parse("10.9.0.2"), 7000);

    private readonly NetworkNamespace _kernel = Kernels.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("synfin-commands-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _kernel.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Curl_gets_what_serve_has_whole_in_part_and_over_tls_with_http2()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "hello.txt"), "hello, world", Ct);
        using SynfinProcess serve = Start($"serve {_folder} --tls {Here}");
        Assert.Equal($"Serving {_folder} behind synfin0. Ctrl+C ends. Try:", await serve.Line());
        Assert.Equal("  curl http://10.9.0.2/", await serve.Line());

        Assert.Contains("hello.txt", Curl("http://10.9.0.2/"), StringComparison.Ordinal);
        Assert.Equal("hello, world", Curl("http://10.9.0.2/hello.txt"));
        Assert.Equal("world", Curl("--range", "7-11", "http://10.9.0.2/hello.txt"));
        string overTls = Curl("--insecure", "--write-out", " by HTTP/%{http_version}", "https://10.9.0.2/hello.txt");
        Assert.Matches("^hello, world by HTTP/(2|1.1)$", overTls); // this curl may have no HTTP/2
        if (Curl("--version").Contains("HTTP2", StringComparison.Ordinal)) Assert.EndsWith("HTTP/2", overTls, StringComparison.Ordinal);

        serve.Signal("TERM");
        Assert.Equal(0, await serve.ExitCode());
        Assert.Equal("", serve.Error);
        Assert.DoesNotContain("synfin0", _kernel.Call("ip", "link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listen_talks_to_a_kernels_client_and_both_may_end_first()
    {
        using SynfinProcess listen = Start($"listen 7000 -v {Here}");
        await listen.Says("Listening on 10.9.0.2 port 7000 behind synfin0");
        using Socket client = KernelSocket();
        await client.ConnectAsync(_port7000, Ct).AsTask().InTime();
        client.Send("from the kernel\n"u8);
        Assert.Equal("from the kernel", await listen.Line());
        client.Shutdown(SocketShutdown.Send);
        await listen.Input.WriteAsync("after your end");
        listen.Input.Close();
        Assert.Equal("after your end", ReadToEnd(client));
        Assert.Equal(0, await listen.ExitCode());
        Assert.Contains("16 octets received, 14 sent; both sides closed in order", listen.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_talks_to_a_kernels_server_and_ends_sending_with_its_input()
    {
        using Socket server = KernelSocket();
        server.Bind(new IPEndPoint(IPAddress.Any, 7001));
        server.Listen();
        using SynfinProcess connect = Start($"connect 10.9.0.1 7001 {Here}");
        await connect.Input.WriteAsync("question");
        connect.Input.Close();
        using Socket accepted = await server.AcceptAsync(Ct).AsTask().InTime();
        Assert.Equal("question", ReadToEnd(accepted));
        accepted.Send("answer"u8);
        accepted.Close();
        Assert.Equal("answer", await connect.Output.ReadToEndAsync(Ct).InTime(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, await connect.ExitCode());
        Assert.Equal("", connect.Error);
    }

    [Fact]
    public async Task Connect_says_why_the_kernel_refuses()
    {
        using SynfinProcess connect = Start($"connect 10.9.0.1 9 {Here}");
        Assert.Equal(1, await connect.ExitCode());
        Assert.Equal("synfin: 10.9.0.1 port 9: connection refused: nobody listens there\n", connect.Error);
    }

    [Fact]
    public async Task Ping_reaches_the_kernel()
    {
        using SynfinProcess ping = Start($"ping 10.9.0.1 -c 2 -i 0.01 -s 2000 {Here}");
        string output = await ping.Output.ReadToEndAsync(Ct).InTime(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await ping.ExitCode());
        string[] lines = output.Split('\n');
        Assert.Equal("PING 10.9.0.1 (10.9.0.1) 2000(2028) bytes of data.", lines[0]);
        Assert.StartsWith("2008 bytes from 10.9.0.1: icmp_seq=", lines[1], StringComparison.Ordinal);
        Assert.Contains("2 packets transmitted, 2 received, 0% packet loss", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_agrees_with_the_kernels_numbers()
    {
        using SynfinProcess listen = Start($"listen 7000 --echo -k --queues 2 {Here}");
        await listen.Says("Echoing on 10.9.0.2 port 7000");
        using Socket client = KernelSocket();
        await client.ConnectAsync(_port7000, Ct).AsTask().InTime();
        client.Send(new byte[1000]);
        Assert.Equal(1000, Receive(client, 1000).Length);

        using SynfinProcess status = Start("status synfin0 --json");
        string json = await status.Output.ReadToEndAsync(Ct).InTime(TimeSpan.FromSeconds(60));
        Assert.Equal((0, ""), (await status.ExitCode(), status.Error));
        JsonElement host = JsonDocument.Parse(json).RootElement;
        Assert.Equal(2, host.GetProperty("shards").GetInt32());
        JsonElement told = Assert.Single(host.GetProperty("connections").EnumerateArray());
        Assert.Equal($"{client.LocalEndPoint}", told.GetProperty("remote").GetString());
        Assert.Equal(1000, told.GetProperty("octetsReceived").GetInt64());
        Assert.Equal(1000, told.GetProperty("octetsSent").GetInt64());

        string kernels = _kernel.Call("ss", "-tinH", "dst", "10.9.0.2");
        Assert.Contains($"bytes_received:{told.GetProperty("octetsSent").GetInt64()}", kernels, StringComparison.Ordinal);
        int shift = told.GetProperty("sendWindowScale").GetInt32(), ours = told.GetProperty("receiveWindowScale").GetInt32();
        Assert.Contains($"wscale:{ours},{shift}", kernels, StringComparison.Ordinal);
        listen.Signal("INT");
        Assert.Equal(0, await listen.ExitCode());
    }

    [Theory]
    [InlineData("--tun", 101)] // LINKTYPE_RAW
    [InlineData("--tap", 1)] // LINKTYPE_ETHERNET
    public async Task Ladders_are_drawn_and_packets_are_captured_as_connections_go_by(string device, int linkType)
    {
        string pcap = Path.Combine(_folder, "x.pcapng");
        string there = Here.Replace("--tun", device, StringComparison.Ordinal);
        using SynfinProcess listen = Start($"listen 7000 --echo --ladder --pcap {pcap} {there}");
        await listen.Says("Echoing on");
        using Socket client = KernelSocket();
        await client.ConnectAsync(_port7000, Ct).AsTask().InTime();
        client.Send("hello"u8);
        Assert.Equal("hello", Encoding.ASCII.GetString(Receive(client, 5)));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", ReadToEnd(client));

        string ladder = await listen.Output.ReadToEndAsync(Ct).InTime(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await listen.ExitCode());
        Assert.StartsWith($"{client.LocalEndPoint} and 10.9.0.2:7000:\n", ladder, StringComparison.Ordinal);
        Assert.Matches(@"\(SYN-SENT\) +--> <SEQ=0><CTL=SYN> +--> SYN-RECEIVED", ladder);
        Assert.Contains("CTL=FIN", ladder, StringComparison.Ordinal);
        Assert.Contains("LAST-ACK", ladder, StringComparison.Ordinal);
        Assert.All(ladder.Split('\n'), line => Assert.True(line.Length <= 80, line));
        (int packets, int type) = Summarize(pcap);
        Assert.InRange(packets, 8, 60);
        Assert.Equal(linkType, type);
    }

    [Fact]
    public async Task A_device_that_is_deleted_ends_a_command_with_the_reason()
    {
        using SynfinProcess listen = Start($"listen 7000 --echo -k {Here}");
        await listen.Says("Echoing on");
        _kernel.Call("ip", "link", "delete", "synfin0");
        Assert.Equal(1, await listen.ExitCode());
        Assert.Contains("synfin0 is gone", listen.Error, StringComparison.Ordinal);
    }

    private SynfinProcess Start(string arguments) => SynfinProcess.Start(_kernel, _folder, arguments);

    private string Curl(params string[] arguments) => _kernel.Call("curl", ["--silent", "--show-error", "--max-time", "60", .. arguments]);

    private Socket KernelSocket()
    {
        Socket socket = _kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveTimeout = 60_000;
        return socket;
    }

    private static byte[] Receive(Socket socket, int count)
    {
        byte[] octets = new byte[count];
        int length = 0;
        while (length < count && socket.Receive(octets.AsSpan(length)) is > 0 and var more) length += more;
        return octets[..length];
    }

    private static string ReadToEnd(Socket socket) => Encoding.UTF8.GetString(Receive(socket, 65_536));

    private static (int Packets, int LinkType) Summarize(string path)
    {
        const uint InterfaceDescription = 1, EnhancedPacket = 6;
        byte[] file = File.ReadAllBytes(path);
        int packets = 0, linkType = 0;
        for (int at = 0; at < file.Length; at += BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)))
        {
            uint kind = BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));
            if (kind == EnhancedPacket) packets++;
            if (kind == InterfaceDescription) linkType = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 8));
        }
        return (packets, linkType);
    }
}
