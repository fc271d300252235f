using System.Text;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>A server without HTTP in it: for each connection it runs a script that reads a request's head and then does anything.</summary>
internal sealed class HttpScript : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly IWorldListener _listener;
    private readonly Story _story;
    private readonly Func<HttpPeer, Task> _serve;
    private int _connections;
    private int _requests;
    private int _present;
    private int _peak;

    public HttpScript(Story story, Func<HttpPeer, Task> serve)
    {
        _story = story;
        _serve = serve;
        _listener = story.Open(story.World.Listen());
        _ = Accept();
    }

    /// <summary>Accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Heads read so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>The most that were open at a time.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <summary>What a script failed with that is no failure of its connection.</summary>
    public Exception? Failure { get; private set; }

    public int Port => _listener.EndPoint.Port;

    public Uri Address => new($"http://{_listener.EndPoint}/");

    public void RequestCame() => Interlocked.Increment(ref _requests);

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
        _over.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                IWorldEnd end = _story.Open(await _listener.Accept(_over.Token));
                Interlocked.Increment(ref _connections);
                _ = Serve(new HttpPeer(this, end));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            // The story is over.
        }
    }

    private async Task Serve(HttpPeer peer)
    {
        int present = Interlocked.Increment(ref _present);
        InterlockedMax(present);
        try
        {
            await _serve(peer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or the story is over.
        }
        catch (Exception e)
        {
            Failure = e;
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    private void InterlockedMax(int value)
    {
        for (int peak = Peak; value > peak; peak = Peak) Interlocked.CompareExchange(ref _peak, value, peak);
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class HttpPeer(HttpScript script, IWorldEnd end)
{
    private readonly StringBuilder _unread = new();

    public IWorldEnd End { get; } = end;

    /// <summary>Reads a head, and leaves what follows.</summary>
    /// <returns>The head, or null at the end of the stream.</returns>
    public async Task<string?> ReadHead()
    {
        byte[] buffer = new byte[4096];
        while (true)
        {
            string text = _unread.ToString();
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                _unread.Remove(0, end + 4);
                script.RequestCame();
                return text[..end];
            }
            int count = await End.Stream.ReadAsync(buffer);
            if (count == 0) return null;
            _unread.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
    }

    /// <summary>Reads a body of known length.</summary>
    public async Task<string> ReadBody(int length)
    {
        byte[] buffer = new byte[4096];
        while (_unread.Length < length)
        {
            int count = await End.Stream.ReadAsync(buffer);
            if (count == 0) break;
            _unread.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }
        string body = _unread.ToString();
        _unread.Clear();
        return body;
    }

    /// <summary>Answers requests until the client goes.</summary>
    public async Task AnswerAll(string answer)
    {
        while (await ReadHead() is not null) await End.Write(answer);
    }

    /// <summary>Closes in order.</summary>
    public void Close() => End.Stream.Dispose();
}
