using System.Net;

namespace Synfin.Dns;

/// <summary>A server, and what was learned about it.</summary>
/// <param name="endPoint">Where it is.</param>
internal sealed class DnsServer(IPEndPoint endPoint)
{
    private volatile bool _refusesEdns;

    /// <summary>Where it is.</summary>
    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Whether it did not understand a query with EDNS, and one without.</summary>
    public bool RefusesEdns
    {
        get => _refusesEdns;
        set => _refusesEdns = value;
    }

    /// <inheritdoc/>
    public override string ToString() => EndPoint.Port == 53 ? EndPoint.Address.ToString() : EndPoint.ToString();
}
