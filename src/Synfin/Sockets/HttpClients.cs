using System.Net.Http;
using Synfin.Stack;

namespace Synfin.Sockets;

/// <summary>HttpClient over a stack.</summary>
public static class HttpClients
{
    /// <summary>A handler whose connections are made by a stack; all else about it is SocketsHttpHandler's own, and may be set.</summary>
    /// <param name="stack">The stack, in hosted mode. Its <see cref="TcpStack.NameResolver"/> resolves the hosts of requests.</param>
    /// <param name="options">What connections start with; null for the stack's defaults with Nagle's algorithm off.</param>
    /// <exception cref="InvalidOperationException">The stack is in strict mode.</exception>
    public static SocketsHttpHandler CreateHttpHandler(this TcpStack stack, TcpConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stack);
        stack.VerifyHosted("HttpClient continues on the thread pool");
        options ??= stack.HttpOptions;
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, ct) =>
                new TcpStream(await stack.ConnectAsync(context.DnsEndPoint, options, ct).ConfigureAwait(false)),
        };
    }

    /// <summary>A client over <see cref="CreateHttpHandler"/>. Its Timeout, as HttpClient's own always, is real time.</summary>
    public static HttpClient CreateHttpClient(this TcpStack stack) => new(stack.CreateHttpHandler());
}
