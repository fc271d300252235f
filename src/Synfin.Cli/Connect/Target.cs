using System.Net;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Cli.Connect;

/// <summary>The host that a command is to reach: an address, or a name.</summary>
/// <param name="Host">As typed.</param>
/// <param name="Family">InterNetwork or InterNetworkV6 if only that will do; Unspecified for both.</param>
internal sealed record Target(string Host, AddressFamily Family)
{
    /// <summary>What is wrong with the address, in a line, or null; a name shows only when it is resolved.</summary>
    public string? FindProblem()
    {
        if (Host.Length == 0) return "HOST is empty: give an address or a name";
        if (!IPAddress.TryParse(Host, out IPAddress? address)) return null;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return $"{Host} is no host's address";
        if (Family is AddressFamily.Unspecified || address.AddressFamily == Family) return null;
        return $"{Host} is no {(Family is AddressFamily.InterNetwork ? "IPv4" : "IPv6")} address, as "
            + $"{(Family is AddressFamily.InterNetwork ? "-4" : "-6")} wants";
    }

    /// <summary>The addresses, the preferred one first; at least one.</summary>
    /// <exception cref="SocketException">HostNotFound: nobody has the name, or none of its addresses is of the family.</exception>
    /// <exception cref="UnresolvableException">Nobody is there to ask.</exception>
    public async ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(TcpStackGroup stacks, CancellationToken ct)
    {
        if (IPAddress.TryParse(Host, out IPAddress? address)) return [address.ToInternetAddress()];
        if (stacks.NameResolver is not { } resolver)
            throw new UnresolvableException($"'{Host}' is a name: say who knows it with --dns SERVER, or give an address");
        IReadOnlyList<InternetAddress> all = await resolver.ResolveAsync(Host, ct).ConfigureAwait(false);
        bool wantsIpv4 = Family is AddressFamily.InterNetwork;
        InternetAddress[] right = [.. all.Where(one => Family is AddressFamily.Unspecified || one.IsIpv4 == wantsIpv4)];
        if (right.Length > 0) return right;
        throw new SocketException((int)SocketError.HostNotFound, $"'{Host}' has no {(wantsIpv4 ? "IPv4" : "IPv6")} address");
    }
}
