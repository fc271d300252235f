using System.Net;
using System.Text.Json;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Xunit;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>Bulk data to and from the kernel's programs for it.</summary>
[Trait("Needs", "tun")]
public sealed class BulkTests
{
    private const int Port = 9000;
    private const int Length = 4_000_037;

    [Theory]
    [InlineData("socat", false)]
    [InlineData("socat", true)]
    [InlineData("ncat", false)]
    [InlineData("ncat", true)]
    public async Task Synfin_echoes_to_a_client(string program, bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        using TcpListenerGroup listener = bed.Sockets.Listen(new IPEndPoint(IPAddress.IPv6Any, Port));
        Task echo = EchoAsync(listener);
        byte[] text = Testbed.Octets(Length);
        string[] arguments = program == "socat"
            ? ["-t", "60", "STDIO", $"TCP:{Testbed.SynfinName(ipv6)}:{Port}"]
            : [Testbed.SynfinAddress(ipv6).ToString(), $"{Port}"];
        (byte[] back, int exit) = await ProgramRun.RunAsync(bed.Kernel, program, text, arguments);
        Assert.Equal(0, exit);
        Assert.Equal(Testbed.Hash(text), Testbed.Hash(back));
        await echo.InTime();
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Socat_echoes_to_Synfin(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        string listen = $"TCP{(ipv6 ? 6 : 4)}-LISTEN:{Port}";
        using ProgramRun server = ProgramRun.Start(bed.Kernel, "socat", "-t", "60", listen, "EXEC:cat");
        await server.ListensAsync(bed.Kernel, Port);
        byte[] text = Testbed.Octets(Length);
        Assert.Equal(Testbed.Hash(text), Testbed.Hash(await ExchangeAsync(bed, ipv6, text)));
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ncat_takes_what_Synfin_sends_and_sends_what_Synfin_takes(bool ipv6)
    {
        using Testbed bed = Testbed.Create();
        byte[] text = Testbed.Octets(Length);
        using ProgramRun sink = ProgramRun.Start(bed.Kernel, "ncat", "-l", ipv6 ? "-6" : "-4", "--recv-only", $"{Port}");
        await sink.ListensAsync(bed.Kernel, Port);
        Assert.Empty(await ExchangeAsync(bed, ipv6, text));
        Assert.Equal(Testbed.Hash(text), Testbed.Hash(await sink.OutputAsync()));

        using ProgramRun source = ProgramRun.Start(bed.Kernel, "ncat", "-l", ipv6 ? "-6" : "-4", "--send-only", $"{Port}");
        await source.ListensAsync(bed.Kernel, Port);
        Task feeding = source.FeedAsync(text);
        Assert.Equal(Testbed.Hash(text), Testbed.Hash(await ExchangeAsync(bed, ipv6, [])));
        await feeding;
        bed.EndsSoundly();
    }

    [Theory]
    [InlineData(false, false, 1)]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 2)]
    public async Task Iperf3_measures_through_a_proxy(bool ipv6, bool reverse, int queues)
    {
        using Testbed bed = Testbed.Create(queues: queues);
        using ProgramRun server = ProgramRun.Start(bed.Kernel, "iperf3", "-s", "-1", "-p", "5201");
        await server.ListensAsync(bed.Kernel, 5201);
        using var proxy = new ProxyToKernel(bed.Sockets, 5202, new IPEndPoint(Testbed.KernelAddress(ipv6), 5201));
        string report = await ProgramRun.CallForTextAsync(
            bed.Kernel,
            "iperf3",
            ["-c", Testbed.SynfinAddress(ipv6).ToString(), "-p", "5202", "-n", "8M", "-P", "2", "-J", .. reverse ? new[] { "-R" } : []]);
        using var document = JsonDocument.Parse(report);
        JsonElement end = document.RootElement.GetProperty("end");
        Assert.InRange(end.GetProperty("sum_sent").GetProperty("bytes").GetInt64(), 8_000_000, long.MaxValue);
        // What the proxy still holds when the sender has done does not count any more.
        Assert.InRange(end.GetProperty("sum_received").GetProperty("bytes").GetInt64(), 1_000_000, long.MaxValue);
        Assert.Equal(3, proxy.Connections); // two streams and iperf3's own conversation
        await proxy.EndAsync().InTime(TimeSpan.FromSeconds(30));
        bed.EndsSoundly();
    }

    private static async Task EchoAsync(TcpListenerGroup listener)
    {
        TcpConnection connection = await listener.AcceptAsync();
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await connection.ReadAsync(buffer)) > 0) await connection.WriteAsync(buffer.AsMemory(0, count));
        await connection.CloseAsync();
    }

    /// <summary>Connects to the kernel's server, sends, and reads to the end.</summary>
    private static Task<byte[]> ExchangeAsync(Testbed bed, bool ipv6, byte[] text) =>
        ExchangeAsync(bed.Sockets, new IPEndPoint(Testbed.KernelAddress(ipv6), Port), text).InTime(TimeSpan.FromSeconds(60));

    private static async Task<byte[]> ExchangeAsync(TcpStackGroup sockets, IPEndPoint server, byte[] text)
    {
        TcpConnection connection = await sockets.ConnectAsync(server);
        async Task Send()
        {
            await connection.WriteAsync(text);
            await connection.CompleteWritesAsync();
        }
        Task sending = Send();
        using var back = new MemoryStream();
        await new TcpStream(connection, ownsConnection: false).CopyToAsync(back);
        await sending;
        await connection.CloseAsync();
        return back.ToArray();
    }
}
