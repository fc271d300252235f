using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Synfin.Cli.Echo;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

[Trait("Needs", "tun")]
public sealed class EchoServiceTests
{
    private static readonly IPEndPoint _service = new(IPAddress.Parse("10.9.0.2"), 7);

    [Fact]
    public async Task It_echoes_up_to_the_clients_fin_and_ends_in_order_when_cancelled()
    {
        using NetworkNamespace kernel = Kernels.Create();
        using var output = new Announcement();
        using var error = new StringWriter();
        using var stop = new CancellationTokenSource();
        string pcap = Path.GetTempFileName();
        var options = new EchoOptions
        {
            Tun = "synfin0",
            Address = "10.9.0.2/24",
            HostAddress = "10.9.0.1/24",
            PcapPath = pcap,
        };
        Task<int> command = kernel.Run(() => EchoCommand.RunAsync(options, output, error, stop.Token));
        string announcement = await output.FirstLine.InTime();
        Assert.StartsWith("Echo on 10.9.0.2 port 7 behind synfin0. Try: nc 10.9.0.2 7", announcement, StringComparison.Ordinal);

        using Socket client = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.ReceiveTimeout = 60_000;
        await client.ConnectAsync(_service, TestContext.Current.CancellationToken).AsTask().InTime();
        client.Send("hello"u8);
        client.Shutdown(SocketShutdown.Send);
        byte[] echo = new byte[10];
        Assert.Equal(5, client.Receive(echo));
        Assert.Equal(0, client.Receive(echo));

        using Socket idle = kernel.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        idle.ReceiveTimeout = 60_000;
        await idle.ConnectAsync(_service, TestContext.Current.CancellationToken).AsTask().InTime();
        await stop.CancelAsync();
        Assert.Equal(0, idle.Receive(echo));
        idle.Close();

        Assert.Equal(0, await command.InTime());
        Assert.Empty(error.ToString());
        Assert.Contains("5 octets echoed; RemoteClose", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 octets echoed; LocalClose", output.ToString(), StringComparison.Ordinal);
        AssertCapture(pcap);
    }

    private static void AssertCapture(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        File.Delete(path);
        const uint SectionHeader = 0x0A0D0D0A, EnhancedPacket = 6;
        Assert.Equal(SectionHeader, BinaryPrimitives.ReadUInt32LittleEndian(file));
        int packets = 0;
        for (int at = 0; at < file.Length; at += BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)))
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)) == EnhancedPacket) packets++;
        }
        Assert.InRange(packets, 12, 40);
    }

    /// <summary>Collects what is written, and tells when the first line is there.</summary>
    private sealed class Announcement : TextWriter
    {
        private readonly StringBuilder _text = new();
        private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> FirstLine => _firstLine.Task;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_text) _text.Append(value);
        }

        public override void WriteLine(string? value)
        {
            lock (_text) _text.Append(value).Append('\n');
            _firstLine.TrySetResult(value ?? "");
        }

        public override string ToString()
        {
            lock (_text) return _text.ToString();
        }
    }
}
