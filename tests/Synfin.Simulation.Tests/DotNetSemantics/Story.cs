using System.Text;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>One run of a script in one world. Everything it opened ends with it; every wait has a limit of real time.</summary>
internal sealed class Story(IWorld world) : IDisposable
{
    private readonly List<Seen> _seen = [];
    private readonly List<IDisposable> _opened = [];

    /// <summary>The longest wait for anything.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(8);

    public IWorld World { get; } = world;

    /// <summary>The simulated network, in scripts that only it can play.</summary>
    public SimulatedNetwork Net => ((SynfinWorld)World).Net;

    public IReadOnlyList<Seen> Steps => _seen;

    /// <summary>Does something, and notes what came of it.</summary>
    public async Task Sees<T>(string step, Func<Task<T>> call)
    {
        try
        {
            _seen.Add(Seen.Value(step, await Started(call).WaitAsync(Patience)));
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            _seen.Add(Seen.Failure(step, e));
        }
    }

    /// <summary>Does something without a result.</summary>
    public Task Sees(string step, Func<Task> call) => Sees(step, async () =>
    {
        await call();
        return "done";
    });

    /// <summary>Notes what a call gives at once.</summary>
    public Task Gives(string step, Func<object?> call) => Sees(step, () => Task.FromResult(call()));

    /// <summary>Does something at once.</summary>
    public Task Does(string step, Action call) => Sees(step, () =>
    {
        call();
        return Task.CompletedTask;
    });

    /// <summary>A connection's two ends, ours first.</summary>
    public async Task<(IWorldEnd Us, IWorldEnd Peer)> Pair()
    {
        IWorldListener listener = Open(World.Listen());
        Task<IWorldEnd> accepting = listener.Accept();
        IWorldEnd us = Open(await World.Connect(listener.EndPoint).WaitAsync(Patience));
        return (us, Open(await accepting.WaitAsync(Patience)));
    }

    /// <summary>Waits on the network's clock until something holds.</summary>
    public async Task Until(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            if (i == 2_000) throw new TimeoutException("it never came true");
            await Pause();
        }
    }

    /// <summary>Lets packets travel.</summary>
    public Task Pause(int milliseconds = 1) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), World.Time).WaitAsync(Patience);

    /// <summary>Timers of real time are to fire first: virtual time stands still.</summary>
    public IDisposable HoldTime() => World is SynfinWorld ? Net.HoldTime() : new CancellationTokenSource();

    /// <summary>Ends it with the story.</summary>
    public IWorldEnd Open(IWorldEnd end)
    {
        lock (_opened) _opened.Add(end.Stream);
        return end;
    }

    /// <summary>Ends it with the story.</summary>
    public T Open<T>(T thing) where T : IDisposable
    {
        lock (_opened) _opened.Add(thing);
        return thing;
    }

    public void Dispose()
    {
        foreach (IDisposable thing in Enumerable.Reverse(_opened)) thing.Dispose();
        World.Dispose();
    }

    private static async Task<T> Started<T>(Func<Task<T>> call) => await call();
}

/// <summary>Reads and writes of text.</summary>
internal static class WorldEnds
{
    /// <summary>One read: the text in quotes, or the count 0.</summary>
    public static async Task<string> Read(this IWorldEnd end, int room = 64, CancellationToken ct = default)
    {
        byte[] buffer = new byte[room];
        int count = await end.Stream.ReadAsync(buffer, ct);
        return Shown(buffer.AsSpan(0, count));
    }

    public static async Task Write(this IWorldEnd end, string text, CancellationToken ct = default) =>
        await end.Stream.WriteAsync(Encoding.ASCII.GetBytes(text), ct);

    /// <summary>Reads to the end, and gives the count.</summary>
    public static async Task<long> ReadToEnd(this IWorldEnd end)
    {
        byte[] buffer = new byte[65_536];
        for (long total = 0; ;)
        {
            int count = await end.Stream.ReadAsync(buffer);
            if (count == 0) return total;
            total += count;
        }
    }

    public static string Shown(ReadOnlySpan<byte> text) => text.IsEmpty ? "0" : $"\"{Encoding.ASCII.GetString(text)}\"";
}
