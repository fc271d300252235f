using System.Runtime.CompilerServices;

namespace Synfin.Cli.Bench.Http;

/// <summary>A client's connection, as bare as can be: a prepared request; of the response only what is needed is looked at.</summary>
internal abstract class HttpExchange : IDisposable
{
    private static readonly ReadOnlyMemory<byte> _request = "GET / HTTP/1.1\r\nHost: server\r\n\r\n"u8.ToArray();

    private readonly byte[] _response = new byte[1024];

    /// <summary>Sends a request and reads the whole response.</summary>
    /// <param name="bodyLength">How long its body is.</param>
    /// <exception cref="IOException">It is not what it should be.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask Exchange(int bodyLength)
    {
        await Send(_request);
        int received = 0;
        int length = int.MaxValue;
        while (received < length)
        {
            int more = await Receive(_response.AsMemory(received));
            if (more == 0) throw new IOException("the connection ended before the response");
            received += more;
            length = LengthOf(_response.AsSpan(0, received), bodyLength);
        }
        if (received > length) throw new IOException("the server sent more than the response");
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Sends octets.</summary>
    protected abstract ValueTask Send(ReadOnlyMemory<byte> octets);

    /// <summary>Receives some octets.</summary>
    protected abstract ValueTask<int> Receive(Memory<byte> destination);

    private static int LengthOf(ReadOnlySpan<byte> response, int bodyLength)
    {
        int end = response.IndexOf("\r\n\r\n"u8);
        if (end < 0) return int.MaxValue;
        if (!response.StartsWith("HTTP/1.1 200 "u8)) throw new IOException("the server did not answer with 200 OK");
        return end + 4 + bodyLength;
    }
}
