using Synfin.Dns;
using Synfin.Ethernet;
using Synfin.Runtime;
using Synfin.Sockets;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>Names for a host: the resolver, with the servers that routers advertise (RFC 8106) behind those that were configured.</summary>
internal sealed class HostNames(DnsResolver resolver, TcpStack stack, IReadOnlyList<EthernetInterface> interfaces) : INameResolver
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<InternetAddress>> ResolveAsync(string name, CancellationToken ct = default)
    {
        if (interfaces.Count > 0) AddAdvertised();
        return resolver.ResolveAsync(name, ct);
    }

    private void AddAdvertised()
    {
        using StackGate.Visit visit = stack.Gate.Enter(nameof(ResolveAsync));
        DnsOptions options = resolver.Options;
        InternetAddress[] servers =
        [
            .. options.Servers.Concat(interfaces.SelectMany(one => one.DnsServers)).Distinct().Take(DnsOptions.MaxServers),
        ];
        if (!servers.SequenceEqual(options.Servers)) resolver.Options = options with { Servers = servers };
    }
}
