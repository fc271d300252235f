using System.Net.Sockets;
using Synfin.Testing.Soak;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>The kernel's end of a connection of a soak.</summary>
internal sealed class KernelEnd(Socket socket) : SoakEnd
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer);
        }
        catch (SocketException broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> octets)
    {
        try
        {
            while (!octets.IsEmpty) octets = octets[await socket.SendAsync(octets)..];
        }
        catch (SocketException broken)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    public override ValueTask EndWritesAsync()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return default;
        }
        catch (SocketException broken)
        {
            return ValueTask.FromException(new IOException(broken.Message, broken));
        }
    }

    public override void Close() => socket.Dispose();

    public override void Abort()
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // The other end was faster.
        }
        socket.Dispose();
    }
}
