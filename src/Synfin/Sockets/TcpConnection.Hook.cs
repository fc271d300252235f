using EngineConnection = Synfin.Tcp.TcpConnection;

namespace Synfin.Sockets;

/// <summary>What a <see cref="ConnectionHook"/> is given.</summary>
public sealed partial class TcpConnection
{
    private ConnectionHook? _hook;

    internal EngineConnection Engine => _engine;

    internal TcpStack Stack => _stack;

    /// <summary>Faults; null for none. One that takes writes is to be there from the beginning.</summary>
    internal ConnectionHook? Hook
    {
        get => _hook;
        set => _hook = value;
    }

    /// <summary>At the gate: a read that <see cref="ConnectionHook.ReadAllowance"/> let wait looks again.</summary>
    internal void ContinueReads() => ContinueRead();

    /// <summary>At the gate: after calls to the engine that were not made by the application.</summary>
    internal void OutputReady() => _stack.OutputReady?.Invoke();

    /// <summary>Cuts what is lent to what may be read now.</summary>
    private static int LimitLent(ConnectionHook hook, List<ReadOnlyMemory<byte>> pages, int examined, int length)
    {
        int limit = (int)Math.Min(length, (long)examined + hook.ReadAllowance());
        hook.Received(Math.Max(0, limit - examined));
        int excess = length - limit;
        while (excess > 0)
        {
            ReadOnlyMemory<byte> last = pages[^1];
            pages.RemoveAt(pages.Count - 1);
            if (last.Length > excess) pages.Add(last[..^excess]);
            excess -= Math.Min(excess, last.Length);
        }
        return limit;
    }
}
