using Synfin.Sockets;

namespace SameCode;

/// <summary>Two hosts' sockets, the second one's name, and what there is to end.</summary>
internal sealed record Network(TcpStackGroup Client, TcpStackGroup Server, string ServerName, params IDisposable[] Parts) : IDisposable
{
    /// <summary>Ends it, the last part first.</summary>
    public void Dispose()
    {
        for (int i = Parts.Length - 1; i >= 0; i--) Parts[i].Dispose();
    }
}
