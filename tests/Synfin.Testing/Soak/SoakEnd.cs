namespace Synfin.Testing.Soak;

/// <summary>One end of a connection of a soak, whichever stack's it is. Broken connections throw <see cref="IOException"/>.</summary>
public abstract class SoakEnd
{
    /// <summary>Reads some octets, or none at the end of the stream.</summary>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>Hands octets over to the stack.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> octets);

    /// <summary>Ends this direction.</summary>
    public abstract ValueTask EndWritesAsync();

    /// <summary>CLOSE.</summary>
    public abstract void Close();

    /// <summary>ABORT: a reset.</summary>
    public abstract void Abort();
}
