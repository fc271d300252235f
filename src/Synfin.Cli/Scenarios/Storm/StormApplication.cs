using System.Net.Sockets;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Timers;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Cli.Scenarios.Storm;

/// <summary>One side of one connection: plays its part and remembers what it saw.</summary>
internal sealed class StormApplication(SimulatedNetwork network, StormSide plan, string name, int stream, int peerStream)
{
    private readonly DeterministicRandom _writing = network.Random.Fork(name + " writes");
    private readonly DeterministicRandom _reading = network.Random.Fork(name + " reads");
    private readonly List<string> _seen = [];

    /// <summary>Who it is, for people.</summary>
    public string Name { get; } = name;

    /// <summary>Its part.</summary>
    public StormSide Plan { get; } = plan;

    /// <summary>The connection, once there was one.</summary>
    public TcpConnection? Connection { get; private set; }

    /// <summary>Octets that WriteAsync was asked to write.</summary>
    public int Offered { get; private set; }

    /// <summary>Octets of the writes that completed.</summary>
    public int Written { get; private set; }

    /// <summary>Octets that were read.</summary>
    public int Read { get; private set; }

    /// <summary>Whether ReadAsync returned 0.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>Whether it waited for too long and aborted.</summary>
    public bool LostPatience { get; private set; }

    /// <summary>Whether it called ABORT, and threw away what it had not read.</summary>
    public bool HasAborted { get; private set; }

    /// <summary>What it saw that no documentation promises; null if all was well.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Whether its task has ended.</summary>
    public bool HasEnded => EndedAt is not null;

    /// <summary>When its task ended.</summary>
    public Timestamp? EndedAt { get; private set; }

    /// <summary>What it did and saw, for people.</summary>
    public override string ToString()
    {
        string end = SawEnd ? ", then the end" : "";
        string reason = Connection is { } connection ? $"; {connection.State.ToRfcName()}, {connection.CloseReason}" : "; never connected";
        string seen = _seen.Count > 0 ? $"; {string.Join("; ", _seen)}" : "";
        return $"{Name}: wrote {Written:N0} of {Plan.Amount:N0}, read {Read:N0}{end}{reason}{seen}";
    }

    /// <summary>Opens with <paramref name="open"/>, then plays.</summary>
    public async Task Open(Func<CancellationToken, Task<TcpConnection>> open)
    {
        using CancellationTokenSource patience = new(StormRun.Patience.ToTimeSpan(), network.TimeProvider);
        TcpConnection? connection = null;
        await Watch("open", async () => connection = await open(patience.Token), patience.Token);
        if (connection is not null) await Use(connection);
        EndedAt = network.Now;
    }

    /// <summary>Plays on a connection.</summary>
    public async Task Use(TcpConnection connection)
    {
        Connection = connection;
        using CancellationTokenSource patience = new(StormRun.Patience.ToTimeSpan(), network.TimeProvider);
        using CancellationTokenSource over = new();
        Task aborting = Plan.AbortAfter is { } time ? AbortAfter(connection, time.ToTimeSpan(), over.Token) : Task.CompletedTask;
        Task reading = Watch("read", () => ReadAll(connection, patience.Token), patience.Token);
        Task writing = Watch("write", () => WriteAll(connection, patience.Token), patience.Token);
        await writing;
        if (Plan.Ending is StormEnding.Cut) connection.Close();
        await reading;
        await Watch("complete", () => CompleteAfterPeer(connection), patience.Token);
        connection.Close();
        if (Plan.WaitsForEnd) await Watch("end", () => connection.WhenEnded(patience.Token).AsTask(), patience.Token);
        over.Cancel();
        await aborting;
        EndedAt = network.Now;
    }

    private async Task WriteAll(TcpConnection connection, CancellationToken ct)
    {
        while (Offered < Plan.Amount)
        {
            int count = Math.Min(1 + (int)_writing.Next(Plan.LongestWrite), Plan.Amount - Offered);
            ReadOnlyMemory<byte> text = StormPattern.Slice(stream, Offered, count);
            Offered += count;
            if (Plan.IsFickle && _writing.Chance(0.05)) await connection.WriteUrgentAsync(text, ct);
            else await connection.WriteAsync(text, ct);
            Written = Offered;
            if (Plan.IsFickle && _writing.Chance(0.1))
                connection.SetOptions(connection.Options with { Cork = _writing.Chance(0.5), NoDelay = _writing.Chance(0.5) });
            await Pause(_writing, ct);
        }
        if (Plan.Ending is StormEnding.HalfClose) await connection.CompleteWritesAsync();
    }

    private async Task ReadAll(TcpConnection connection, CancellationToken ct)
    {
        int most = Plan.Ending is StormEnding.StopReading ? (int)_reading.Next(5_000) : int.MaxValue;
        byte[] buffer = new byte[Plan.LongestRead];
        while (Read <= most)
        {
            int wanted = 1 + (int)_reading.Next(buffer.Length);
            int? count = Plan.IsFickle && _reading.Chance(0.1)
                ? await ReadOrCancel(connection, buffer.AsMemory(0, wanted))
                : await connection.ReadAsync(buffer.AsMemory(0, wanted), ct);
            if (count is not { } octets) continue;
            SawEnd = octets == 0;
            if (SawEnd) return;
            Take(buffer.AsSpan(0, octets));
            await Pause(_reading, ct);
        }
        connection.Close();
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        if (Read + text.Length > StormRun.MostOctets)
            Complaint ??= $"read {Read + text.Length} octets, more than anybody writes";
        else if (!text.SequenceEqual(StormPattern.Slice(peerStream, Read, text.Length).Span))
            Complaint ??= $"read a wrong octet among the {text.Length} from {Read} on";
        Read += text.Length;
    }

    /// <summary>A cancelled read takes nothing: null.</summary>
    private async Task<int?> ReadOrCancel(TcpConnection connection, Memory<byte> destination)
    {
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(1 + _reading.Next(200)), network.TimeProvider);
        try
        {
            return await connection.ReadAsync(destination, soon.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task CompleteAfterPeer(TcpConnection connection)
    {
        if (Plan.Ending is StormEnding.AfterPeer && SawEnd) await connection.CompleteWritesAsync();
    }

    private async Task AbortAfter(TcpConnection connection, TimeSpan time, CancellationToken over)
    {
        try
        {
            await Task.Delay(time, network.TimeProvider, over);
            _seen.Add("aborts");
            HasAborted = true;
            connection.Abort();
        }
        catch (OperationCanceledException)
        {
            // It had ended before.
        }
    }

    private async Task Pause(DeterministicRandom random, CancellationToken ct)
    {
        if (Plan.PauseChance > 0 && random.Chance(Plan.PauseChance))
            await Task.Delay(TimeSpan.FromTicks(random.Next(Plan.LongestPause.Nanoseconds / 100 + 1)), network.TimeProvider, ct);
    }

    /// <summary>Lets pass what is documented, and nothing else.</summary>
    private async Task Watch(string what, Func<Task> body, CancellationToken patience)
    {
        try
        {
            await body();
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            LostPatience = true;
            _seen.Add($"{what}: no patience left");
            Connection?.Abort();
        }
        catch (IOException failure) when (failure.InnerException is SocketException inner)
        {
            _seen.Add($"{what}: {inner.SocketErrorCode}");
        }
        catch (SocketException failure)
        {
            _seen.Add($"{what}: {failure.SocketErrorCode}");
        }
#pragma warning disable CA1031 // Any other exception is a find.
        catch (Exception failure)
        {
            Complaint ??= $"{what}: {failure}";
            Connection?.Abort();
        }
#pragma warning restore CA1031
    }
}
