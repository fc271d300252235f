using Synfin.Tcp;

namespace Synfin.Sockets;

/// <summary>
/// Stands between an application and its connection, for simulated faults; see <see cref="TcpStack.HookMaker"/>. All calls come at the
/// gate. What a hook keeps from the engine the application takes for done.
/// </summary>
internal abstract class ConnectionHook
{
    /// <summary>Whether writes are its business; pipes then write into memory of their own and not into the engine's pages.</summary>
    public virtual bool TakesWrites => false;

    /// <summary>Whether further writes reach nobody, without the application being told.</summary>
    public virtual bool HasCut => false;

    /// <summary>The part of a write that the engine is to get; nothing means that the write is over. Told again after a wait.</summary>
    public virtual ReadOnlyMemory<byte> Admit(ReadOnlyMemory<byte> data) => data;

    /// <summary>The engine took so many octets of what was admitted.</summary>
    public virtual void Sent(int count)
    {
    }

    /// <summary>Whether the end of the application's writes goes on to the engine.</summary>
    public virtual bool AdmitShutdown() => true;

    /// <summary>Whether CLOSE goes on to the engine.</summary>
    public virtual bool AdmitClose() => true;

    /// <summary>Whether ABORT goes on to the engine.</summary>
    public virtual bool AdmitAbort() => true;

    /// <summary>How many octets the application may read now; 0 lets it wait until <see cref="TcpConnection.ContinueReads"/>.</summary>
    public virtual int ReadAllowance() => int.MaxValue;

    /// <summary>The application got so many.</summary>
    public virtual void Received(int count)
    {
    }

    /// <summary>The engine had something to tell; <see cref="TcpSignals.Drained"/> and Writable among it, if they were asked for.</summary>
    public virtual void Signalled(TcpSignals signals)
    {
    }
}
