using System.IO.Pipelines;
using Synfin.Simulation.Packets;
using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Simulation.Tests.StreamFaults;

/// <summary>
/// a sends a request of 5 octets and reads; b answers with <see cref="Answer"/> octets in writes of 60 and closes. b's TCP has a fault.
/// </summary>
public sealed class FaultedExchange : IDisposable
{
    public const int Answer = 250;
    private const int Chunk = 60;
    private readonly MemoryStream _seen = new();
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FaultedExchange(SimulationMode mode, ulong seed = 1)
    {
        Net = mode is SimulationMode.Strict
            ? SimulatedNetwork.TwoHosts(seed, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) })
            : SimulatedNetwork.HostedTwoHosts(seed, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
    }

    public SimulatedNetwork Net { get; }

    public byte[] Text { get; } = [.. Enumerable.Range(0, Answer).Select(i => (byte)i)];

    public byte[] Seen => _seen.ToArray();

    /// <summary>What a's reads came to: "hang", "FIN" or "RST".</summary>
    public string End { get; private set; } = "hang";

    public TcpConnection? Client { get; private set; }

    public TcpConnection? Server { get; private set; }

    /// <summary>Whether b's application came to its end without an error.</summary>
    public bool ServerIsContent { get; private set; }

    public void Dispose()
    {
        Net.Dispose();
        _seen.Dispose();
    }

    /// <summary>
    /// Runs it once, until nothing is left to happen. On a busy machine hosted time may run ahead of an application, so there the
    /// applications' own ends are waited for first.
    /// </summary>
    /// <param name="means">How b's application uses its connection.</param>
    /// <param name="octets">How many octets a is to see.</param>
    /// <param name="hangs">Whether a then waits in vain.</param>
    public async Task Run(Means means, int octets = 0, bool hangs = true)
    {
        TcpListener listener = Net["b"].Listen(80);
        Task serving = Net["b"].Run(() => Serve(listener, means, Text));
        Task asking = Net["a"].Run(() => Ask(octets));
        if (Net.Gate.IsShared) await Task.WhenAll(serving, hangs ? _enough.Task : asking).WaitAsync(TimeSpan.FromMinutes(3));
        await Net.RunUntilIdleAsync().WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>What a host put on the wire, as flags and text length.</summary>
    public string[] SentBy(string host) =>
        [.. Net.Packets.Where(p => p.Fate is PacketFate.Sent && p.Host == host).Select(p => Describe(p.Packet))];

    private static string Describe(SimulatedPacket packet)
    {
        Assert.True(PacketView.TryParse(packet.Octets.Span, out PacketView view));
        return $"{view.Flags & ~TcpFlags.Psh} {view.Text.Length}";
    }

    private async Task Ask(int octets)
    {
        Client = await Net["a"].ConnectAsync("b", 80);
        await Client.WriteAsync("hello"u8.ToArray());
        byte[] buffer = new byte[64];
        try
        {
            int count;
            if (octets == 0) _enough.TrySetResult();
            while ((count = await Client.ReadAsync(buffer)) > 0)
            {
                _seen.Write(buffer, 0, count);
                if (_seen.Length >= octets) _enough.TrySetResult();
            }
            End = "FIN";
            Client.Close();
        }
        catch (IOException)
        {
            End = "RST";
        }
    }

    private async Task Serve(TcpListener listener, Means means, byte[] answer)
    {
        Server = await listener.AcceptAsync();
        listener.Close();
        if (means is Means.Stream) await ServeStream(new TcpStream(Server), answer);
        else await ServePipe(new TcpDuplexPipe(Server), answer);
        ServerIsContent = true;
    }

    private static async Task ServeStream(TcpStream stream, byte[] answer)
    {
        await stream.ReadExactlyAsync(new byte[5]);
        for (int at = 0; at < answer.Length; at += Chunk) await stream.WriteAsync(answer.AsMemory(at, Math.Min(Chunk, answer.Length - at)));
        await stream.DisposeAsync();
    }

    private static async Task ServePipe(TcpDuplexPipe pipe, byte[] answer)
    {
        ReadResult request = await pipe.Input.ReadAtLeastAsync(5);
        pipe.Input.AdvanceTo(request.Buffer.End);
        for (int at = 0; at < answer.Length; at += Chunk)
        {
            int count = Math.Min(Chunk, answer.Length - at);
            answer.AsSpan(at, count).CopyTo(pipe.Output.GetSpan(count));
            pipe.Output.Advance(count);
            FlushResult flushed = await pipe.Output.FlushAsync();
            Assert.False(flushed.IsCompleted, "the application is not to be told of a fault");
        }
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
    }
}
