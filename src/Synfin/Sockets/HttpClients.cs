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
        return new TcpStackGroup(stack).CreateHttpHandler(options);
    }

    /// <summary>A handler whose connections are made by the shards of a host in turn; else as for a stack.</summary>
    /// <param name="stacks">The stacks, in hosted mode.</param>
    /// <param name="options">What connections start with; null for the stack's defaults with Nagle's algorithm off.</param>
    /// <exception cref="InvalidOperationException">The stacks are in strict mode.</exception>
    public static SocketsHttpHandler CreateHttpHandler(this TcpStackGroup stacks, TcpConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        options ??= stacks.First.VerifyHosted("HttpClient continues on the thread pool").HttpOptions;
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, ct) =>
                new TcpStream(await stacks.ConnectAsync(context.DnsEndPoint, options, ct).ConfigureAwait(false)),
        };
    }

    /// <summary>
    /// A client over <see cref="CreateHttpHandler(TcpStack, TcpConnectionOptions?)"/>. Its Timeout, as HttpClient's own always, is real
    /// time.
    /// </summary>
    public static HttpClient CreateHttpClient(this TcpStack stack) => new(stack.CreateHttpHandler());

    /// <summary>A client over the shards of a host.</summary>
    public static HttpClient CreateHttpClient(this TcpStackGroup stacks) => new(stacks.CreateHttpHandler());
}
